"""Every widget in one small app, to look at."""

from textual.app import App, ComposeResult

from widgets.paged_table import Column, PagedTable, Row

COLUMNS = (
    Column("id", "id", 8),
    Column("tier", "T", 2),
    Column("path", "path", 14, flexible=True),
    Column("tokens", "tokens", 8, "right"),
    Column("quality", "quality", 8, "right"),
)


def row(index: int) -> Row:
    tier = index % 4 + 1
    style = ("$text-success bold", "$text-primary bold", "$text-warning bold", "$foreground 60%")[tier - 1]
    name = ("src/main.py", "漢字/かな.rs", "a/very/long/path/that/goes/on/and/on/module.go", "x[/]y \x1b]2;t\x07")[index % 4]
    return Row(index, (f"{index:08d}", (str(tier), style), name, f"{index * 37 % 9000:,}", f"{index % 100}"))


class TableGallery(App[None]):
    def compose(self) -> ComposeResult:
        yield PagedTable(id="table")

    def on_mount(self) -> None:
        table = self.query_one(PagedTable)
        table.sort = ("tokens", True)
        table.show(COLUMNS, 10_000_000)
        table.focus()

    def on_paged_table_page_wanted(self, wanted: PagedTable.PageWanted) -> None:
        first = wanted.page * wanted.size
        rows = [row(index) for index in range(first, min(first + wanted.size, 10_000_000))]
        self.query_one(PagedTable).set_page(wanted.generation, wanted.page, rows)


if __name__ == "__main__":
    TableGallery().run()
