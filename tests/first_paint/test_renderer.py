"""The Node process: what happens when it is missing, hangs, dies or talks nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.embedded.frontend_build import node_binary
from portal.first_paint import renderer as module
from portal.first_paint.renderer import NotRendered, Renderer

# Speaks the worker's protocol; what it does is the request's path.
WORKER = """import readline from "node:readline";
const send = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
send({ ready: true });
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { path, seed } = JSON.parse(line);
  if (path === "/die") process.exit(1);
  else if (path === "/hang") return;
  else if (path === "/nonsense") process.stdout.write("Warning: something\\n");
  else if (path === "/broken") send({ error: "Error: no such route" });
  else setTimeout(() => send({ status: 200, html: path + JSON.stringify(seed) }), 20);
});
"""


@contextlib.asynccontextmanager
async def running(web: Path, worker: str = WORKER) -> AsyncIterator[Renderer]:
    (web / module.WORKER).write_text(worker)
    found = Renderer(web, node_binary())
    async with found.running():
        yield found


async def until_back(renderer: Renderer) -> None:
    async with asyncio.timeout(20):
        while renderer.pid is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_it_renders_what_it_is_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path) as renderer:
        asked = [renderer.render(f"/{n}", f'{{"n":{n}}}') for n in range(8)]
        assert await asyncio.gather(*asked) == [f'/{n}{{"n":{n}}}' for n in range(8)]


@pytest.mark.parametrize("path", ["/die", "/nonsense"])
async def test_after_trouble_there_is_another_one(tmp_path: Path, path: str) -> None:
    async with running(tmp_path) as renderer:
        before = renderer.pid
        with pytest.raises(NotRendered):
            await renderer.render(path, "{}")
        with pytest.raises(NotRendered):  # at once: nobody waits for it to start
            await renderer.render("/a", "{}")
        await until_back(renderer)
        assert renderer.pid != before
        assert await renderer.render("/a", "{}") == "/a{}"


async def test_a_page_that_takes_too_long_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENDER_TIMEOUT_S", 0.2)
    async with running(tmp_path) as renderer:
        with pytest.raises(NotRendered):
            await renderer.render("/hang", "{}")
        await until_back(renderer)
        assert await renderer.render("/a", "{}") == "/a{}"


async def test_a_request_that_is_given_up_leaves_no_answer_to_the_next(tmp_path: Path) -> None:
    async with running(tmp_path) as renderer:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(renderer.render("/slow", "{}"), 0.005)
        await until_back(renderer)
        assert await renderer.render("/next", "{}") == "/next{}"


async def test_a_page_that_fails_says_why_and_costs_no_process(tmp_path: Path) -> None:
    async with running(tmp_path) as renderer:
        before = renderer.pid
        with pytest.raises(NotRendered, match="no such route"):
            await renderer.render("/broken", "{}")
        assert renderer.pid == before


async def test_killed_while_pages_wait(tmp_path: Path) -> None:
    async with running(tmp_path) as renderer:
        assert renderer.pid is not None
        asked = [asyncio.create_task(renderer.render(f"/{n}", "{}")) for n in range(10)]
        await asyncio.sleep(0.03)
        os.kill(renderer.pid, signal.SIGKILL)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(answer, str | NotRendered) for answer in answers)
        assert any(isinstance(answer, NotRendered) for answer in answers)
        await until_back(renderer)
        assert await renderer.render("/a", "{}") == "/a{}"


async def test_too_many_that_wait_are_turned_away(tmp_path: Path) -> None:
    async with running(tmp_path) as renderer:
        number = module.MAX_WAITING + 3
        asked = [renderer.render(f"/{n}", "{}") for n in range(number)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(answer, NotRendered) for answer in answers) == 3


async def test_without_node_and_with_a_broken_worker_it_says_so_and_goes_on(tmp_path: Path) -> None:
    for node in (None, str(tmp_path / "node")):
        missing = Renderer(tmp_path, node)
        async with missing.running():
            with pytest.raises(NotRendered):
                await missing.render("/", "{}")
    async with running(tmp_path, "throw new Error('no build')") as broken:
        with pytest.raises(NotRendered):
            await broken.render("/", "{}")


async def test_the_process_ends_with_the_block_and_gets_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", "mysql+pymysql://a:hunter2@b/c")
    async with running(tmp_path) as renderer:
        pid = renderer.pid
        assert "hunter2" not in Path(f"/proc/{pid}/environ").read_text()
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)
