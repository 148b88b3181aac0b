"""Files are written whole or not at all, and checked when they are downloaded or opened."""

import contextlib
import hashlib
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading

import pytest

from degu.errors import DeguError
from degu.formats.files import check_file, download, file_digest, write_aside, write_text
from tests.conftest import REPOSITORY

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")}


@contextlib.contextmanager
def serve(body, announced=None, status=200):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if announced is None else announced))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/file"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def answer_once(reply):
    """Answer one connection with raw bytes, and close it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(reply)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/file"
    finally:
        thread.join()
        listener.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_file_gets_its_name_when_the_block_ends_without_an_error(tmp_path):
    path = tmp_path / "new" / "folder" / "result.txt"
    with write_aside(path) as aside:
        aside.write_text("whole")
        assert not path.exists()
        assert aside.parent == path.parent
        assert aside.suffix == ".txt"
    assert path.read_text() == "whole"
    assert names(path.parent) == ["result.txt"]


def test_a_block_that_fails_leaves_nothing_behind(tmp_path):
    with pytest.raises(RuntimeError, match="half way"), write_aside(tmp_path / "result.txt") as aside:
        aside.write_text("half")
        raise RuntimeError("half way")
    assert names(tmp_path) == []


def test_a_block_that_fails_keeps_the_old_file(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), write_aside(path) as aside:
        aside.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old"
    assert names(tmp_path) == ["result.txt"]


def test_what_a_killed_process_leaves_is_overwritten(tmp_path):
    """A process that is killed within the block cannot remove its temporary file; the next process overwrites it."""
    path = tmp_path / "result.txt"
    code = "import os, sys; from degu.formats.files import write_aside\n"
    code += "with write_aside(sys.argv[1]) as aside: aside.write_text('half'); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False, env=ENVIRONMENT)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    assert not path.exists()
    write_text(path, "whole")
    assert [file.name for file in tmp_path.iterdir()] == ["result.txt"]
    assert path.read_text() == "whole"


@pytest.mark.parametrize("write", ["text", "hdf5", "model"])
def test_a_full_disk_is_reported_and_leaves_nothing(tmp_path, write):
    """A limit on the size of files takes the place of a full disk."""
    path = tmp_path / "result.h5"
    path.write_text("earlier")
    writing = {
        "text": "aside.write_bytes(bytes(1 << 20))",
        "hdf5": "h5py.File(aside, 'w').create_dataset('x', data=numpy.random.random(1 << 17))",
        "model": "numpy.savez(aside.open('wb'), x=numpy.random.random(1 << 17))",
    }
    code = f"""
import resource, signal, sys
import h5py, numpy
from degu.errors import DeguError
from degu.formats.files import write_aside
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    with write_aside(sys.argv[1]) as aside:
        {writing[write]}
except DeguError as error:
    print(error)
"""
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=ENVIRONMENT)
    assert f"{path}: there is no space left for it" in done.stdout, done.stdout + done.stderr
    assert "make space" in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["result.h5"]
    assert path.read_text() == "earlier"


def test_a_written_file_has_the_permissions_of_the_umask(tmp_path):
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "result.txt", "text")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(old)
    assert (tmp_path / "result.txt").stat().st_mode & 0o777 == 0o640


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with (
        pytest.raises(DeguError, match="cannot be written") as caught,
        write_aside(tmp_path / "file" / "result.txt"),
    ):
        pass
    assert str(tmp_path / "file" / "result.txt") in str(caught.value)
    assert (tmp_path / "file").read_text() == "not a folder"


def test_write_text_replaces_a_file(tmp_path):
    write_text(tmp_path / "a.txt", "first")
    write_text(str(tmp_path / "a.txt"), "second")
    assert (tmp_path / "a.txt").read_text() == "second"


def test_the_digest_of_a_file_is_the_published_sha256_and_md5_of_abc(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_digest(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_digest(tmp_path / "abc", "md5") == "900150983cd24fb0d6963f7d28e17f72"


def test_the_right_file_passes_its_check(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    check_file(path)
    check_file(path, size=3)
    check_file(path, checksum="md5:900150983CD24FB0D6963F7D28E17F72")
    check_file(path, checksum=f"sha256:{hashlib.sha256(b'abc').hexdigest()}", size=3)


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(DeguError, match="there is no such file"):
        check_file(tmp_path / "absent")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(DeguError, match="there is no such file"):
        check_file(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(DeguError, match="the file is empty"):
        check_file(tmp_path / "empty")


def test_a_file_with_another_size_is_refused(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc" * 1000)
    with pytest.raises(DeguError, match=r"3,000 bytes\n.*3,001 bytes"):
        check_file(tmp_path / "abc", size=3001)


def test_a_file_with_another_checksum_is_refused(tmp_path):
    (tmp_path / "abc").write_bytes(b"abd")
    expected = "900150983cd24fb0d6963f7d28e17f72"
    with pytest.raises(DeguError, match=f"md5 is {hashlib.md5(b'abd').hexdigest()}\n  expected: {expected}"):
        check_file(tmp_path / "abc", checksum=f"md5:{expected}")


@pytest.mark.parametrize("checksum", ["900150983cd24fb0d6963f7d28e17f72", "crc32:12345678", "md5:", ""])
def test_an_unreadable_checksum_is_refused(tmp_path, checksum):
    (tmp_path / "abc").write_bytes(b"abc")
    with pytest.raises(DeguError, match="unreadable checksum"):
        check_file(tmp_path / "abc", checksum=checksum)


def test_a_download_gets_every_byte(tmp_path):
    body = bytes(range(256)) * 8200  # more than one block
    with serve(body) as url:
        download(url, tmp_path / "file", by_hand="put it there")
    assert (tmp_path / "file").read_bytes() == body


def test_a_download_that_breaks_off_is_refused(tmp_path):
    with (
        serve(b"half", announced=8000) as url,
        pytest.raises(DeguError, match="broke off after 4 bytes") as caught,
    ):
        download(url, tmp_path / "file", by_hand="put it at data/file")
    assert "8,000" in str(caught.value)
    assert "put it at data/file" in str(caught.value)


def test_a_port_where_nobody_answers_is_named(tmp_path):
    url = f"http://127.0.0.1:{free_port()}/file"
    with pytest.raises(DeguError, match="the source cannot be reached") as caught:
        download(url, tmp_path / "file", by_hand="put it at data/file")
    assert url in str(caught.value)
    assert "put it at data/file" in str(caught.value)


def test_a_page_that_is_not_found_is_refused(tmp_path):
    with serve(b"nothing here", status=404) as url, pytest.raises(DeguError, match="cannot be reached"):
        download(url, tmp_path / "file", by_hand="put it there")


@pytest.mark.parametrize(
    "url",
    [
        "no address",
        "nosuchscheme://host/file",
    ],
)
def test_text_that_is_not_an_address_is_refused(tmp_path, url):
    with pytest.raises(DeguError, match="cannot be reached"):
        download(url, tmp_path / "file", by_hand="put it there")


def test_a_server_that_hangs_up_without_an_answer_is_refused(tmp_path):
    with answer_once(b"") as url, pytest.raises(DeguError, match="cannot be reached"):
        download(url, tmp_path / "file", by_hand="put it there")


def test_a_server_that_does_not_speak_http_is_refused(tmp_path):
    with answer_once(b"220 ready\r\n") as url, pytest.raises(DeguError, match="cannot be reached"):
        download(url, tmp_path / "file", by_hand="put it there")


def test_a_chunked_download_that_breaks_off_is_refused(tmp_path):
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"
    with answer_once(reply) as url, pytest.raises(DeguError):
        download(url, tmp_path / "file", by_hand="put it there")
