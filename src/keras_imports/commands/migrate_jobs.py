"""What `migrate` is asked for each file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from keras_imports.commands.asked import asked_by
from keras_imports.engine.job import Job
from keras_imports.knowledge.declarations import pinned
from keras_imports.knowledge.origin import parse_origin
from keras_imports.knowledge.target import Target, parse_target
from keras_imports.migrate.files.walk import PORTABLE

_ANSWERS = ".copier-answers.yml"  # of generated projects


class Jobs:
    """What is asked for each file: by the arguments, or else by its configuration."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.asked = asked_by(args)
        self.is_look = bool(args.diff or args.check)  # and nothing is written
        self.is_told = bool(args.source)  # what all of the code was written for
        self._args = args
        self._portable = _portable(args.paths)
        # What is the same for all: where no target is given for the first path, each has its own.
        self.first = self._job(args.paths[0], self._to(args.paths[0]) or "keras")
        self._targets: dict[Target, None] = {}

    def of_file(self, file: str) -> Job | None:
        """Return the job of a file, `None` if it is to be left as it is."""
        if self.asked.is_excluded(file):
            return None
        to = self._to(file)
        if not to:
            raise ValueError(
                f"nothing says where to move {file}: give `--to`, or a `target` in the table "
                "`tool.keras-imports` of pyproject.toml"
            )
        job = self._job(file, to)
        self._targets[job.target] = None
        return job

    @property
    def targets(self) -> str:
        """Where the files go, for people."""
        return ", ".join(map(str, self._targets or (self.first.target,)))

    def _to(self, path: str) -> str:
        """Return the target as it is written, "" if there is none."""
        return self._args.to or self.asked.configuration(path).target

    def _job(self, path: str, to: str) -> Job:
        args, own = self._args, self.asked.configuration(path)
        return Job(
            parse_target(to, self._portable, args.backend or ""),
            given=(parse_origin(args.source),) if args.source else (),
            portable=self._portable,
            docs=args.docs,
            dependencies=args.dependencies,
            modernize=args.modernize,
            is_pinned="==" in to,
            declaration=pinned(own.installed, own.file),
            ignored=self.asked.ignored(path),
            packages=own.packages,
            seconds=args.time_limit,
        )


def _portable(paths: Iterable[str]) -> str | None:
    """Return the module of a portable generated project that hands out Keras, as it is imported."""
    for path in paths:
        start = Path(path).absolute()
        for directory in (start, *start.parents):
            if (directory / _ANSWERS).is_file():
                modules = sorted(directory.glob(f"src/*/{PORTABLE}.py"))
                return f"{modules[0].parent.name}.{PORTABLE}" if modules else None
    return None
