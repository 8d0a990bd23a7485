"""Who did it: the kind of actor that the text names, the one closest to the deed."""

from impact.understanding.facts import PerpetratorFound
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm, Perpetrator

# Whoever carries a weapon goes before whoever owns the mine, and both before an office or a crowd.
_RANK: dict[Perpetrator, float] = {
    Perpetrator.ARMY: 3.0,
    Perpetrator.POLICE: 3.0,
    Perpetrator.PRIVATE_SECURITY: 3.2,
    Perpetrator.ARMED_GROUP: 3.1,
    Perpetrator.CIVILIANS: 2.0,
    Perpetrator.COMPANY: 1.8,
    Perpetrator.AUTHORITIES: 1.6,
    Perpetrator.UNKNOWN: 1.0,
}
_AGENT_WORDS = {"by", "par", "por", "pelo", "pela", "pelos", "pelas", "na", "with"}
_AGENT_BONUS, _EARLY_BONUS, _DISTANCE_COST = 1.5, 0.5, 0.05
# Who is asked for help, told or feared to be slow is not who did it.
_NOT_DOERS = {
    *("tell", "told", "inform", "informed", "reported", "call", "called", "ask", "asked", "asking"),
    *("dear", "prevenir", "prevenu", "informe", "alerte", "alerter", "demandons", "appeler", "appele"),
    *("pedimos", "avisamos", "informamos", "chamamos", "tunaomba", "tumeripoti", "against", "contre"),
    *("complained", "plaint", "porter", "queixa", "signale", "ressortissant", "ressortissants"),
}
_NOT_DOER_REACH = 4
# Neighbours who say what they saw did not do it; soldiers who say something may threaten.
_TELL = {
    *("say", "says", "said", "saw", "heard", "told", "report", "reported", "found", "discovered"),
    *("disent", "dit", "racontent", "dizem", "disseram", "viram", "ouviram", "contam"),
    *("wanasema", "walisema", "waliona", "wanasimulia", "wamesema", "imesema"),
    *("confirm", "confirms", "confirmed", "confirme", "confirment", "confirma", "confirmou", "diz", "disse"),
}
_HELPED = {
    *("appuye", "appuyes", "appuyee", "appuyees", "escorte", "escortes", "accompagne", "accompagnes"),
    *("soutenus", "soutenu", "apoiados", "apoiado", "acompanhados", "escoltados", "backed", "supported"),
    *("escorted", "accompanied", "wakisaidiwa", "wakisindikizwa"),
}
# Who gets what somebody gave away did not give it.
_GIVEN = {
    *("sold", "gave", "given", "leased", "vendu", "vendus", "vendue", "vendues", "vend", "vendent", "donne"),
    *("donnes", "donnee", "donnees", "cede", "cedes", "cedee", "cedees", "octroye", "attribue", "attribuee"),
    *("vendeu", "venderam", "vendida", "vendidas", "vendido", "entregou", "entregaram", "cedeu", "cederam"),
    *("deu", "deram", "ameuza", "wameuza", "aliuza", "waliuza", "ateki", "bateki", "apesi", "bapesi"),
    *("aka", "ka", "amu", "akango", "lettre", "carta", "letter", "barua", "plainte", "queixa"),
}
# "Police rescued 15 children".
_RESCUE = {"rescued", "rescue", "saved", "freed", "released", "evacuated", "recovered", "retrieved"}
_TOWARDS = {"to", "a", "au", "aux", "ao", "aos", "as", "para", "kwa", "na"}
_ARTICLES = {"the", "la", "le", "les", "l", "une", "un", "uma", "um", "o", "os", "azo", "ti", "ba"}
_BEFORE_VICTIMS = {
    *("the", "la", "le", "les", "l", "une", "un", "uma", "um", "o", "os", "a", "as"),
    *("notre", "nos", "mon", "son", "leur", "nosso", "nossos", "meu", "our", "my", "his", "their"),
}
_GIVING_REACH = 12
_PASSIVES = {"ete", "foi", "foram", "sido", "fut", "furent", "was", "were", "been"}
_BEHIND_PASSIVE = {"by", "in", "during", "after", "when"}
_PASSIVE_REACH = 3
_SWAHILI_PASSIVE = "wa"
_DONE_TO = {Harm.KILLING, Harm.INJURY, Harm.ARREST, Harm.DISAPPEARANCE}
_CONTENT_FOLLOWS = {"that", "que", "qu", "kwamba"}
_BEFORE_ENGLISH = _BEFORE_VICTIMS - {"as"}


def find_perpetrator(marked: MarkedText) -> PerpetratorFound | None:
    """The kind of actor who did it, or None when the text names none; "unknown" when it says so."""
    named = marked.marks("perpetrators")
    if not named:
        return None
    deeds = [match for match in marked.marks("harms") if match.label.name != Harm.ARMED_PRESENCE]
    scored = [(_score(match, place, marked, deeds), match) for place, match in enumerate(named)]
    score, best = max(scored, key=lambda pair: (pair[0], -pair[1].first))
    if score <= 0:
        return None
    kinds = {match.label.name for points, match in scored if points > 0}
    spans = tuple(dict.fromkeys(m.span for m in named if m.label.name == best.label.name))
    confidence = 0.9 - 0.12 * (len(kinds) - 1)
    return PerpetratorFound(Perpetrator(best.label.name), round(max(0.4, confidence), 2), spans)


def _score(match: Match, place: int, marked: MarkedText, deeds: list[Match]) -> float:
    tokens = marked.tokens
    before = [
        token.word
        for token in tokens[max(0, match.first - _NOT_DOER_REACH) : match.first]
        if token.sentence == tokens[match.first].sentence
    ]
    is_agent = bool(before) and before[-1] in _AGENT_WORDS
    # "Held against their will by the bosses".
    if any(word in _NOT_DOERS for word in before) and not (is_agent or _CONTENT_FOLLOWS & set(before)):
        return 0.0
    if "sommes" in before[-2:] or "somos" in before[-2:]:
        # "Nous sommes 12 gardiens": who writes.
        return 0.0
    if _is_recipient(match, marked) or _is_victim(match, marked, deeds):
        return 0.0
    following = tokens[match.last + 1].word if match.last + 1 < len(tokens) else ""
    if following in _TELL and (
        match.label.name == Perpetrator.CIVILIANS or _ends_sentence(match.last + 1, marked)
    ):
        # "Villagers say ...", "..., police say": who tells of it.
        return 0.0
    if following in _RESCUE:
        return 0.0
    score = _RANK[Perpetrator(match.label.name)]
    if any(word in _HELPED for word in before):
        # "Les agents de sécurité, appuyés par la police": who helped comes second.
        return score / 2
    if any(word in _AGENT_WORDS for word in before[-2:]):
        score += _AGENT_BONUS
    if place == 0:
        score += _EARLY_BONUS
    deeds_after = [deed.first - match.last for deed in deeds if deed.first > match.last]
    if deeds_after:
        score += max(0.0, 0.6 - _DISTANCE_COST * min(deeds_after))
    return score


def _is_victim(match: Match, marked: MarkedText, deeds: list[Match]) -> bool:
    """ "Le chef a été arrêté", "levaram o soba": to whom it was done did not do it, unless "by" leads him."""
    tokens = marked.tokens
    clause, after = tokens[match.last].clause, match.last + 1
    following = [token for token in tokens[after : after + _PASSIVE_REACH] if token.clause == clause]
    if any(token.word in _PASSIVES for token in following) and any(
        0 < deed.first - match.last <= _PASSIVE_REACH + 1 and deed.label.name in _DONE_TO for deed in deeds
    ):
        return True
    if marked.lexicons[0].language == "sw" and any(
        0 < deed.first - match.last <= _PASSIVE_REACH
        and deed.label.name in _DONE_TO
        and tokens[deed.first].clause == clause
        and tokens[deed.first].word.endswith(_SWAHILI_PASSIVE)
        for deed in deeds
    ):
        # "Wanajeshi watatu waliuawa".
        return True
    if any(deed.first == after and deed.label.name in _DONE_TO for deed in deeds):
        behind = next(deed.last for deed in deeds if deed.first == after) + 1
        if behind < len(tokens) and tokens[behind].word in _BEHIND_PASSIVE:
            # "Two policemen killed in an attack".
            return True
    at = match.first - 1
    # An article in Portuguese; English "four injured as police fired" goes on to say who did it.
    skipped = _BEFORE_ENGLISH if marked.lexicons[0].language == "en" else _BEFORE_VICTIMS
    while at >= 0 and (tokens[at].word in skipped or _is_number(at, marked)):
        at -= 1
    if (
        at < match.first - 1
        and _is_number(match.first - 1, marked)
        and match.label.name == Perpetrator.CIVILIANS
    ):
        # "The chief fined three youths".
        return any(
            actor.last < match.first and tokens[actor.first].clause == clause
            for actor in marked.marks("perpetrators")
            if actor.label.name != Perpetrator.CIVILIANS
        )
    return (
        match.first - at > 1
        and tokens[at].word not in _AGENT_WORDS
        and any(
            at in {deed.first, deed.last}
            and deed.label.name in _DONE_TO
            and deed.label.strength != "only_alone"
            and tokens[deed.last].clause == clause
            for deed in deeds
        )
    )


def _is_number(at: int, marked: MarkedText) -> bool:
    token = marked.tokens[at]
    return token.number is not None or marked.number_of(token.word) is not None


def _is_recipient(match: Match, marked: MarkedText) -> bool:
    """Who is given what others sold or gave away: "vendeu a terra à empresa" tells what the seller did."""
    tokens, at = marked.tokens, match.first - 1
    while at >= 0 and tokens[at].word in _ARTICLES:
        at -= 1
    if at < 0 or tokens[at].word not in _TOWARDS:
        return False
    return any(
        token.word in _GIVEN and token.sentence == tokens[match.first].sentence
        for token in tokens[max(0, at - _GIVING_REACH) : at]
    )


def _ends_sentence(index: int, marked: MarkedText) -> bool:
    following = marked.tokens[index + 1 : index + 2]
    return not following or following[0].sentence != marked.tokens[index].sentence
