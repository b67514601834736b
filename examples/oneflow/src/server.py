"""Serves /health on port 8000, for container platforms."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from src import __version__


class Health(BaseHTTPRequestHandler):
    """Answers /health with the version, everything else with 404."""

    def do_GET(self) -> None:
        """Answers one request."""
        found = self.path == "/health"
        body = json.dumps({"status": "ok", "version": __version__} if found else {"error": "not found"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Health checks come every few seconds and are not worth a line."""


def serve(host: str = "0.0.0.0", port: int = 8000) -> None:
    """Serves until the process ends."""
    with ThreadingHTTPServer((host, port), Health) as server:
        server.serve_forever()


if __name__ == "__main__":
    serve()
