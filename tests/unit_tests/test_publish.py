"""The pages carry figures of a run, and nothing but the marked part changes."""

import json

import pytest

from benches.publish import BEGIN, END, PAGES, main, replaced, table_of

ROW = {
    "name": "trades, uvloop: native",
    "ours": 1200000.0,
    "peer": 100000.0,
    "peer_name": "stock",
    "unit": "msg/s",
    "better": "higher",
    "ratio": 12.0,
}
MACHINE = {
    "cpu": "a cpu",
    "cores": 2,
    "python": "3.13.1",
    "system": "Linux 6",
    "date": "2026-01-02",
    "command": "make bench",
}


def test_a_row_shows_both_figures_and_their_ratio():
    table = table_of([ROW], MACHINE)
    assert "| trades, uvloop: native | 1,200,000.0 | 100,000.0 | stock | msg/s | 12.00x | higher |" in table
    assert table.endswith("a cpu, 2 cores, Linux 6, Python 3.13.1, 2026-01-02, `make bench`.")


def test_only_the_marked_part_changes():
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(page, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    assert replaced(replaced(page, "new"), "new") == replaced(page, "new")


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_page_without_marks_is_refused(page):
    with pytest.raises(ValueError, match="lacks"):
        replaced(page, "new")


def test_the_published_pages_have_marks():
    for page in PAGES:
        assert replaced(page.read_text(), "x")


def test_pages_are_written_from_the_files(tmp_path):
    (tmp_path / "bench.json").write_text(json.dumps([ROW]))
    (tmp_path / "bench-machine.json").write_text(json.dumps(MACHINE))
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}")
    assert main(["--bench", str(tmp_path / "bench.json"), str(page)]) == 0
    assert "12.00x" in page.read_text()


def test_without_a_run_it_says_what_to_do(tmp_path, capsys):
    assert main(["--bench", str(tmp_path / "bench.json")]) == 1
    assert "run make bench first" in capsys.readouterr().err
