"""A DataTable whose rows are not stored in it but asked for when they are drawn.

The stock table keeps every cell, measures each one and redraws all that is visible when one changes:
45 to 80 ms a key, and seconds to fill 10,000 rows. Columns, cursor, messages and bindings are
DataTable's own; where it walks over stored rows, this class answers by arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.coordinate import Coordinate
from textual.geometry import Region, Spacing
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets import DataTable
from textual.widgets.data_table import CellDoesNotExist, CellKey, Row, RowDoesNotExist, RowKey

from tui.ui.drawn_rows import HEADER, DrawnRows


class _RowsByKey(Mapping[RowKey, Any]):
    """Stands where DataTable keeps a dict of rows; it never holds one."""

    def __init__(self, table: VirtualTable) -> None:
        self._table = table

    def __len__(self) -> int:
        return self._table.row_total()

    def __iter__(self) -> Iterator[RowKey]:
        return iter(())  # DataTable walks over its rows only to fill or measure them

    def __getitem__(self, key: RowKey) -> Any:
        index = self._table.index_of(key)
        if index is None:
            raise KeyError(key)
        return self.at(index)

    def at(self, index: int) -> Any:
        raise NotImplementedError


class _RowInfo(_RowsByKey):
    def at(self, index: int) -> Row:
        return Row(self._table.key_at(index), 1, None, False)


class _RowCells(_RowsByKey):
    def at(self, index: int) -> dict[Any, str]:
        columns = [column.key for column in self._table.ordered_columns]
        return dict(zip(columns, self._table.cells(index), strict=True))


class _Places:
    """Row key to index and back, by arithmetic."""

    def __init__(self, table: VirtualTable) -> None:
        self._table = table

    def __len__(self) -> int:
        return self._table.row_total()

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None

    def get(self, key: object, default: int | None = None) -> int | None:
        index = self._table.index_of(key)
        return default if index is None else index

    def get_key(self, index: int) -> RowKey:
        if not 0 <= index < len(self):
            raise KeyError(index)
        return self._table.key_at(index)


# Without DataTable's rules and its nine component classes, which colour what it draws itself: here rows are drawn with
# inks, and Textual would match each of the classes against every rule, twice, before the first frame.
class VirtualTable(DrawnRows, DataTable[str], inherit_bindings=False, inherit_css=False):
    """Rows of cells asked for by index: ``row_total`` says how many there are, ``cells`` gives one."""

    DEFAULT_CSS = "".join(base.DEFAULT_CSS.replace(base.__name__, "VirtualTable") for base in (Widget, ScrollView))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(cursor_type="cell", **kwargs)
        self._data = _RowCells(self)  # type: ignore[assignment]
        self.rows = _RowInfo(self)  # type: ignore[assignment]
        self._row_locations = _Places(self)  # type: ignore[assignment]

    def cells(self, index: int) -> tuple[str, ...]:
        """The texts of a row, one for each column."""
        raise NotImplementedError

    def key_at(self, index: int) -> RowKey:
        """The key of a row: its place."""
        return RowKey(str(index))

    def index_of(self, key: object) -> int | None:
        """The place that a key names, None where there is no such row."""
        value = key.value if isinstance(key, RowKey) else key
        if isinstance(value, str) and value.isdecimal() and int(value) < self.row_total():
            return int(value)
        return None

    @property
    def row_count(self) -> int:
        return self.row_total()

    @property
    def ordered_rows(self) -> list[Row]:
        return []  # walked over only to add up heights, which are all 1

    @property
    def _total_row_height(self) -> int:
        return self.row_total()

    def is_valid_row_index(self, row_index: int) -> bool:
        return 0 <= row_index < self.row_total()

    def get_row_at(self, row_index: int) -> list[str]:
        if not self.is_valid_row_index(row_index):
            raise RowDoesNotExist(f"there is no row {row_index}")
        return list(self.cells(row_index))

    def get_cell_at(self, coordinate: Coordinate) -> str:
        if not self.is_valid_coordinate(coordinate):
            raise CellDoesNotExist(f"there is no cell at {coordinate}")
        return self.cells(coordinate.row)[coordinate.column]

    def coordinate_to_cell_key(self, coordinate: Coordinate) -> CellKey:
        if not self.is_valid_coordinate(coordinate):
            raise CellDoesNotExist(f"there is no cell at {coordinate}")
        return CellKey(self.key_at(coordinate.row), self.ordered_columns[coordinate.column].key)

    def content_width(self) -> int:
        return sum(column.get_render_width(self) for column in self.columns.values())

    def _get_row_region(self, row_index: int) -> Region:
        if not self.is_valid_row_index(row_index):
            return Region(0, 0, 0, 0)
        return Region(0, row_index + HEADER, max(self.size.width, self.content_width()), 1)

    def _get_cell_region(self, coordinate: Coordinate) -> Region:
        if not self.is_valid_coordinate(coordinate):
            return Region(0, 0, 0, 0)
        widths = [column.get_render_width(self) for column in self.ordered_columns]
        row, column = coordinate
        return Region(sum(widths[:column]), row + HEADER, widths[column], 1)

    def _get_fixed_offset(self) -> Spacing:
        return Spacing(HEADER, 0, 0, 0)

    def refresh_coordinate(self, coordinate: Coordinate) -> VirtualTable:
        self._refresh_region(self._get_row_region(coordinate.row))
        return self

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        height = max(self.size.height - HEADER, 1)
        self.move_cursor(row=self.cursor_row + direction * height)
