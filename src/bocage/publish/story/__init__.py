"""The story of an indicator: ten sentences at most, each made from the data, none that the data do not hold."""

from bocage.publish.story.around import Reader, subject
from bocage.publish.story.lines import story
from bocage.publish.story.subject import Line, Subject

__all__ = ["Line", "Reader", "Subject", "story", "subject"]
