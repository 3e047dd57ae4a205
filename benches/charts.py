"""Writes the charts and tables of docs/performance.md from the results in docs/performance.

With --check it writes nothing, and fails if something does not match the results."""

import re
import sys

import results
from svg import Bar, Panel, Row, chart

sys.path.insert(0, str(results.ROOT / "tests"))
from marked import replaced, table  # noqa: E402

PAGE = results.ROOT / "docs/performance.md"
RATIOS = {"ours": "time", "second": "CPU"}


def number(value, digits=2):
    return f"{value:,.{0 if value >= 100 else digits}f}"


def ranged(it, digits=2):
    """A median and its range, as far as they are known."""
    if "min" not in it:
        return number(it["median"], digits)
    both = f"{number(it['min'], digits)} to {number(it['max'], digits)}"
    return f"{number(it['median'], digits)} ({both})" if "median" in it else both


def duration(nanos):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanos >= size:
            return f"{nanos / size:.3g} {unit}"
    return f"{nanos:.3g} ns"


def ratio(it):
    return {"median": it["ratio"], **{name: it[name] for name in ("min", "max") if name in it}}


def bar(kind, it):
    return Bar(kind, it["median"], it.get("min"), it.get("max"))


def split(name):
    """The two parts of `read an ID (uuid's parse_str)`."""
    return re.fullmatch(r"(.*) \((.*)\)", name).groups()


def ratios(title, axis, found):
    """A chart of comparisons: ours divided by the other, in time and CPU time."""
    rows = []
    for it in found:
        measures = [ratio(it[measure]) for measure in ("time", "cpu") if measure in it]
        text = ", CPU ".join(number(measure["median"]) for measure in measures)
        rows.append(Row(it["name"], text, [bar(kind, measure) for kind, measure in zip(RATIOS, measures)]))
    legend = {kind: words for (kind, words), _ in zip(RATIOS.items(), measures)}
    return chart(title, legend, [Panel(axis, rows, 1)])


def absolute(it):
    """The time of one call of each side, if it is known."""
    return [duration(it["time"][side]) if side in it["time"] else "" for side in ("ours_ns", "other_ns")]


def table_of(heads, rows):
    """A table without empty columns."""
    kept = [column for column, _ in enumerate(heads) if any(row[column] for row in rows)]
    return table([heads[column] for column in kept], [[row[column] for column in kept] for row in rows])


def ratio_table(found):
    rows = [[it["name"], *(ranged(ratio(it[measure])) for measure in ("time", "cpu")), *absolute(it)] for it in found]
    return table_of(["", "time", "CPU", "one of ours", "one of the other"], rows)


def calls(found):
    gzip = [it for it in found if it["name"].startswith("gzip")]
    whole = [it for it in found if it not in gzip]
    svg = ratios("Whole calls", "Ratio to hand-written code, which is at 1", whole)
    return {"calls": (svg, ratio_table(whole)), "gzip": (None, ratio_table(gzip))}


def transfers(found):
    return {"transfers": (None, ratio_table(found))}


def pure(found):
    compared = [it for it in found if "time" in it]
    rows = [[*split(it["name"]), ranged(ratio(it["time"])), *absolute(it)] for it in compared]
    times = [{"name": it["name"], "time": it["time"]} for it in compared]
    svg = ratios("Without the network", "Ratio to the other side, in brackets, which is at 1", times)
    memory = next(it for it in found if it["name"] == "peak memory")
    ours, other = (f"{memory[side] / 1_000:.0f} MB" for side in ("ours_kb", "other_kb"))
    words = f"To decode the 20 MB takes {ours} beside the text; as `serde_json::Value` it takes {other}.\n"
    shown = table_of(["", "compared with", "time", "one of ours", "one of the other"], rows)
    return {"pure": (svg, shown), "memory": (None, words)}


def measured(found, measures, ours):
    """A panel for each measure, of the rows that have it."""
    panels = []
    for title, (name, digits, unit) in measures.items():
        rows = []
        for it in found:
            if name in it:
                kind = "ours" if it["name"].startswith(ours) else "other"
                rows.append(Row(it["name"], f"{number(it[name]['median'], digits)} {unit}", [bar(kind, it[name])]))
        panels.append(Panel(title, rows))
    return panels


def measures_table(found, columns):
    rows = [
        [it["name"], *(f"{ranged(it[name], digits)} {unit}".strip() if name in it else "" for name, digits, unit in columns.values())]
        for it in found
    ]
    return table_of(["", *columns], rows)


def compiled(found):
    columns = {
        "crates": ("crates", 0, ""),
        "time": ("wall_s", 0, "s"),
        "CPU": ("cpu_s", 0, "s"),
        "size": ("size_kib", 0, "KiB"),
    }
    panels = measured(
        found, {"CPU time to compile, seconds": columns["CPU"], "Size of the program, KiB": columns["size"]}, "factify"
    )
    svg = chart("A program that revokes an invite", {"ours": "with this SDK", "other": "without it"}, panels)
    return {"compile": (svg, measures_table(found, columns))}


SINGLE = ", one at a time"


def sdks(found):
    columns = {
        "calls a second": ("rate", 0, ""),
        "CPU for a call": ("cpu_us", 0, "us"),
        "peak memory": ("peak_mib", 1, "MiB"),
        "cold start": ("cold_ms", 1, "ms"),
    }
    titles = {
        "Calls a second; more is better": columns["calls a second"],
        "CPU time for a call, microseconds": columns["CPU for a call"],
        "Cold start, milliseconds": columns["cold start"],
        "Peak memory, MiB": columns["peak memory"],
    }
    legend = {"ours": "this SDK", "other": "official SDK"}
    one = [{**it, "name": it["name"].removesuffix(SINGLE)} for it in found if it["name"].endswith(SINGLE)]
    svg = chart("The official Python SDK, one call at a time", legend, measured(one, titles, "factify"))
    return {"sdks": (svg, measures_table(found, columns))}


def command(found):
    columns = {"time": ("time_ms", 1, "ms"), "peak memory": ("peak_mib", 1, "MiB")}
    programs = [it for it in found if "size_mib" not in it]
    starts = [it for it in programs if " --" in it["name"] and "invites" not in it["name"]]
    listed = [it for it in programs if it not in starts]
    panels = [
        *measured(starts, {"Start, milliseconds": columns["time"]}, "factify"),
        *measured(listed, {"List of 10 invites, milliseconds": columns["time"]}, "factify"),
        *measured(programs, {"Peak memory, MiB": columns["peak memory"]}, "factify"),
    ]
    svg = chart("The command", {"ours": "factify", "other": "other programs"}, panels)
    size = next(it["size_mib"] for it in found if "size_mib" in it)
    words = f"\nThe command is one file of {size['median']:.1f} MiB.\n"
    return {"command": (svg, measures_table(programs, columns)), "size": (None, words)}


PARTS = {"calls": calls, "transfers": transfers, "pure": pure, "compile": compiled, "sdks": sdks, "command": command}


def caption(head):
    whiskers = f" A range is that of {head['range']}." if head["range"] else ""
    return f"Measured on {head['date']} at commit `{head['commit']}` on {head['machine']}.{whiskers}\n"


def made(folder):
    """The charts by their names, and the parts of the page by theirs."""
    charts, blocks = {}, {}
    for part, parts_of in PARTS.items():
        head = results.load(folder, part)
        for name, (svg, words) in parts_of(head["results"]).items():
            if svg:
                charts[f"{name}.svg"] = svg
                title = re.search("<title[^>]*>(.*)</title>", svg)[1]
                image = f"![Chart: {title}. The table has its figures.](performance/{name}.svg)"
                words = f"\n{image}\n\n{caption(head)}\n<details><summary>The figures</summary>\n{words}</details>\n\n"
            elif words.startswith("\n|"):
                words = f"{words}{caption(head)}\n"
            blocks[name] = words
    return charts, blocks


def files(folder):
    """The texts of all files that are made from the results in this folder."""
    charts, blocks = made(folder)
    texts = {folder / name: svg for name, svg in charts.items()}
    page = PAGE.read_text()
    for name, words in blocks.items():
        page = replaced(page, name, words)
    return {**texts, (PAGE if folder == results.FOLDER else folder / PAGE.name): page}


def write(folder):
    for path, text in files(folder).items():
        path.write_text(text)


def check(folder):
    texts = files(folder)
    for path, text in texts.items():
        if not path.exists() or path.read_text() != text:
            sys.exit(f"{path} does not match the results; run benches/charts.py")
    if unknown := set(folder.glob("*.svg")) - set(texts):
        sys.exit(f"no results belong to {unknown}")
    print(f"{PAGE} and its charts match the results")


if __name__ == "__main__":
    (check if "--check" in sys.argv[1:] else write)(results.FOLDER)
