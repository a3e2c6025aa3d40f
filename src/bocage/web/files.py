"""One way to answer with a file to keep."""

from django.http import HttpResponse

CSV = "text/csv; charset=utf-8"


def attached(name: str, content: str, content_type: str = CSV) -> HttpResponse:
    """The file, under its name."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
