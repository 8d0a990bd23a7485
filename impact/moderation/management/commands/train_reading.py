import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.moderation.training import TooFewReports, Trial, try_training
from impact.understanding.adopted_model import adopt_model, forget_model, model_path

_PROGRESS_EVERY = 50


class Command(BaseCommand):
    help = (
        "Learn to read harms from this installation's own moderated reports. The newest quarter is held "
        "back: what was learnt is adopted only when it reads those better than the present reading does. "
        "No text leaves the machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say whether it would be adopted")
        parser.add_argument("--forget", action="store_true", help="read with the lexicons alone again")
        parser.add_argument("--with-fictional", action="store_true", help="learn from demonstration data too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["forget"]:
                self._forget(is_dry_run=options["dry_run"])
            else:
                self._train(is_dry_run=options["dry_run"], with_fictional=options["with_fictional"])
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. Nothing changed.") from error

    def _forget(self, *, is_dry_run: bool) -> None:
        had_one = model_path().exists() if is_dry_run else forget_model()
        self.stdout.write(
            "There is no learnt model: the lexicons read alone already."
            if not had_one
            else "It would be forgotten. Nothing changed."
            if is_dry_run
            else "Forgotten: the lexicons read alone."
        )

    def _train(self, *, is_dry_run: bool, with_fictional: bool) -> None:
        try:
            trial = try_training(with_fictional=with_fictional, progress=self._progress)
        except TooFewReports as error:
            raise CommandError(f"{error}. Nothing changed.") from error
        self._say(trial)
        if not trial.is_better:
            self.stdout.write("Not adopted: it does not read better than the present reading.")
        elif is_dry_run:
            self.stdout.write("It would be adopted. Nothing changed.")
        else:
            adopt_model(trial.model)
            self.stdout.write(f"Adopted: {model_path()}")

    def _say(self, trial: Trial) -> None:
        since = trial.held_back_since.date().isoformat()
        self.stdout.write(
            f"Learnt from {trial.learnt_from} moderated reports, tried on {trial.held_back} received since "
            f"{since}.\n"
            f"{'':24}{'present':>10}{'learnt':>10}\n"
            f"{'harms, micro-F1':24}{trial.present.harms_f1:10.3f}{trial.learnt.harms_f1:10.3f}\n"
            f"{'main theme, share right':24}{trial.present.theme:10.3f}{trial.learnt.theme:10.3f}"
        )

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty() and (done % _PROGRESS_EVERY == 0 or done == total):
            self.stderr.write(f"\r{done} of {total} reports read", ending="\n" if done == total else "")
