"""The texts that promises rest on, each named once, with its stable address where it has one."""

from bocage.commitments.promise import Reference
from bocage.domain.text import message as _

GDPR = _("General Data Protection Regulation, Regulation (EU) 2016/679")
AI_ACT = _("Artificial Intelligence Act, Regulation (EU) 2024/1689")
CRPA = _("Code of relations between the public and the administration (CRPA)")
DATA_LAW = _("Law no. 78-17 of 6 January 1978 on data processing, files and freedoms")
HERITAGE = _("Heritage code (Code du patrimoine)")
PROCUREMENT = _("Public procurement code (Code de la commande publique)")
ENVIRONMENT = _("Environment code (Code de l'environnement)")
COMMUNITIES = _("General code of local authorities (CGCT)")
LANGUAGE = _("Law no. 94-665 of 4 August 1994 on the use of the French language")
STUDY = _("French smart-territory study (Data Publica and KPMG, October 2021)")
HOUSE = _("Rule of Bocage")


def gdpr(article: str) -> Reference:
    """An article of the GDPR."""
    return Reference(text=GDPR, article=article, link="http://data.europa.eu/eli/reg/2016/679/oj")


def ai_act(article: str) -> Reference:
    """An article of the AI Act."""
    return Reference(text=AI_ACT, article=article, link="http://data.europa.eu/eli/reg/2024/1689/oj")


def crpa(article: str) -> Reference:
    """An article of the CRPA."""
    return Reference(text=CRPA, article=article)


def data_law(article: str) -> Reference:
    """An article of the French law on data processing and freedoms."""
    return Reference(text=DATA_LAW, article=article)


def heritage(article: str) -> Reference:
    """An article of the Code du patrimoine."""
    return Reference(text=HERITAGE, article=article)


def procurement(article: str) -> Reference:
    """An article of the Code de la commande publique."""
    return Reference(text=PROCUREMENT, article=article)


def environment(article: str) -> Reference:
    """An article of the Code de l'environnement."""
    return Reference(text=ENVIRONMENT, article=article)


def communities(article: str) -> Reference:
    """An article of the Code général des collectivités territoriales."""
    return Reference(text=COMMUNITIES, article=article)


def language(article: str) -> Reference:
    """An article of the law on the use of French."""
    return Reference(text=LANGUAGE, article=article)


def study(number: str) -> Reference:
    """A recommendation of the study; empty for the model as a whole."""
    return Reference(text=STUDY, article=number)


def house() -> Reference:
    """A rule that no law asks for and the software needs to keep the others."""
    return Reference(text=HOUSE)
