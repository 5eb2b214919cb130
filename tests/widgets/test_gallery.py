from tests.widgets.gallery import Gallery
from widgets.paged_table import PagedTable


async def test_every_widget_is_drawn_in_every_theme() -> None:
    app = Gallery()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert any("src/main.py" in strip.text for strip in strips), theme
            row = app.query_one(PagedTable).render_line(1)
            other = app.query_one(PagedTable).render_line(3)
            assert [segment.style for segment in row] != [segment.style for segment in other], theme


async def test_every_window_opens_and_closes() -> None:
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("f4", "f5", "f6", "f7", "f10", "question_mark"):
            await pilot.press(key)
            assert len(app.screen_stack) == 2
            await pilot.press("escape")
            assert len(app.screen_stack) == 1


async def test_no_terminal_is_too_small_to_draw_on() -> None:
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", "f3")
        for size in ((31, 6), (12, 4), (3, 2), (1, 1), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
        for key in ("f10", "v"):
            await pilot.press(key)
            for size in ((31, 6), (12, 4), (3, 2), (1, 1), (160, 12)):
                await pilot.resize_terminal(*size)
                await pilot.pause()
                strips = app.screen._compositor.render_strips()
                assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
        await pilot.press("escape", "escape", "f4")
        for size in ((31, 6), (12, 4), (3, 2), (1, 1), (160, 12)):
            await pilot.resize_terminal(*size)
            await pilot.press("down")
            strips = app.screen._compositor.render_strips()
            assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
