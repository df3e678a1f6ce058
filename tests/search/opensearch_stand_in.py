"""A very small OpenSearch on this machine: the few requests that ours makes, and their faults.

As the real one does, it shows what was written only after a refresh, keeps the higher of two
external versions, remembers versions of what was deleted, and refuses to write through an alias
that is not there when ``require_alias`` is asked.
"""

import json
import re
from collections import Counter
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit


class Index:
    """``written``: pk to version and document, or None when it was deleted; ``shown``: of those."""

    def __init__(self, body):
        assert body["mappings"]["properties"]["tokens"]["analyzer"] == "whitespace"
        self.aliases = dict(body.get("aliases", {}))
        self.written = {}
        self.shown = {}

    def refresh(self):
        self.shown = {pk: found for pk, (_, found) in self.written.items() if found}

    def write(self, pk, version, document):
        """The HTTP status of the write."""
        before, found = self.written.get(pk, (-1, None))
        if version < before:
            return 409
        self.written[pk] = (version, document)
        if document is None:
            return 200 if found else 404
        return 200 if found else 201

    def search(self, body):
        query = body["query"]["bool"]
        wanted = query["must"][0]["match"]["tokens"]["query"].split()
        groups = [set(one["terms"]["filters"]) for one in query["filter"]]
        counts = {pk: Counter(found["tokens"].split()) for pk, found in self.shown.items()}
        sizes = {pk: sum(count.values()) for pk, count in counts.items()}
        usual = sum(sizes.values()) / max(len(sizes), 1)
        scores = {}
        for token in wanted:
            holding = [pk for pk, count in counts.items() if token in count]
            idf = log(1 + (len(counts) - len(holding) + 0.5) / (len(holding) + 0.5))
            for pk in holding:
                tf = counts[pk][token]
                part = idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * sizes[pk] / usual))
                scores[pk] = scores.get(pk, 0) + part
        hits = [
            pk for pk in scores if all(group & set(self.shown[pk]["filters"]) for group in groups)
        ]
        hits.sort(key=lambda pk: (-scores[pk], int(pk)))
        return [{"_id": pk, "_score": scores[pk]} for pk in hits[: body["size"]]]


class StandIn:
    """The server. ``failing``: it answers nothing but 503. ``requests``: method and path."""

    def __init__(self):
        self.indices = {}
        self.failing = False
        self.refusing = set()  # pks whose writes are refused
        self.requests = []
        self.during = {}  # what else happens: by the beginning of a request, once
        handler = type("Handler", (Handler,), {"cluster": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def refresh(self):
        for index in self.indices.values():
            index.refresh()

    def named(self, name):
        """The names of the indices that an index, an alias or a pattern means."""
        return [
            index
            for index, found in self.indices.items()
            if any(fnmatch(one, name) for one in [index, *found.aliases])
        ]

    def answer(self, method, path, options, body):
        """Status and JSON."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        answer = 400, {"error": f"not known here: {method} {path}", "status": 400}
        match (method, *parts):
            case ("PUT", name):
                self.indices[name] = Index(json.loads(body))
                answer = 200, {"acknowledged": True}
            case ("GET", "_alias", alias):
                answer = self._aliased(alias)
            case ("GET", pattern):
                answer = 200, self._described(self.named(pattern))
            case ("POST", "_aliases"):
                answer = self._aliases(json.loads(body)["actions"])
            case ("POST", name, "_refresh"):
                for index in self.named(name):
                    self.indices[index].refresh()
                answer = 200, {}
            case ("POST" | "GET", name, "_search"):
                answer = self._search(name, json.loads(body))
            case ("POST", "_bulk"):
                lines = [json.loads(line) for line in body.splitlines() if line]
                answer = 200, self._bulk(iter(lines), options.get("require_alias") == ["true"])
        return answer

    def _aliased(self, alias):
        found = [name for name in self.named(alias) if alias in self.indices[name].aliases]
        if not found:
            return 404, {"error": f"alias [{alias}] missing", "status": 404}
        return 200, self._described(found)

    def _described(self, names):
        return {name: {"aliases": self.indices[name].aliases} for name in names}

    def _aliases(self, actions):
        for action in actions:
            ((what, about),) = action.items()
            if what == "add":
                self.indices[about["index"]].aliases[about["alias"]] = {}
            elif what == "remove_index":
                del self.indices[about["index"]]
        return 200, {"acknowledged": True}

    def _search(self, name, body):
        found = self.named(name)
        if not found:
            return 404, {"error": {"type": "index_not_found_exception"}, "status": 404}
        (index,) = found
        return 200, {"hits": {"hits": self.indices[index].search(body)}}

    def _bulk(self, lines, require_alias):
        items = []
        for line in lines:
            ((what, about),) = line.items()
            document = next(lines) if what == "index" else None
            found = self.named(about["_index"])
            if require_alias and not found:
                status = 404
            elif about["_id"] in self.refusing:
                status = 429
            else:
                assert about["version_type"] == "external_gte"
                status = self.indices[found[0]].write(about["_id"], about["version"], document)
            items.append({what: {"_id": about["_id"], "status": status}})
        return {
            "errors": any(next(iter(i.values()))["status"] > 299 for i in items),
            "items": items,
        }


class Handler(BaseHTTPRequestHandler):
    cluster: StandIn

    def _serve(self):
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = f"{self.command} {address.path}"
        self.cluster.requests.append(asked)
        for begin in [begin for begin in self.cluster.during if re.match(begin, asked)]:
            self.cluster.during.pop(begin)()
        status, answer = 503, {"error": "out of order", "status": 503}
        if not self.cluster.failing:
            status, answer = self.cluster.answer(
                self.command, address.path, parse_qs(address.query), body
            )
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815

    def log_message(self, *args):
        """Tests are quiet."""
