from collections.abc import Iterator

from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    name = "impact.understanding"
    label = "understanding"

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """What `doctor` says of reading: name, value, whether it is a failure."""
        from impact.understanding.adopted_model import model_path
        from impact.understanding.harm_model import HarmModel

        path = model_path()
        if not path.exists():
            yield "learnt model", "none: the lexicons read alone", False
            return
        try:
            training = HarmModel.load(path).training
        except (OSError, ValueError) as error:
            yield "learnt model", f"{path} cannot be read ({error}): train_reading makes a new one", True
            return
        yield (
            "learnt model",
            f"of {training.trained_on}, from {training.learnt_from} reports; F1 of the harms "
            f"{training.f1_before:.3f} without it, {training.f1_after:.3f} with it",
            False,
        )
