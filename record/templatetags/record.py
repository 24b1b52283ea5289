from django import template

from record.models import Operation, OperationFigure
from record.operations_page import Measure, figures_of

register = template.Library()


@register.filter
def measured(operation: Operation, names: str) -> list[OperationFigure]:
    """The figures of these measures, by their names with spaces between."""
    return figures_of(operation, *(Measure(name) for name in names.split()))
