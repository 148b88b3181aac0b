"""What a person is told of files that are absent, broken or not as published; downloads come from this machine."""

import contextlib
import http.server
import json
import random
import shutil
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.workflow.cases import STORE, assert_no_source, assert_told, told
from tests.workflow.command import snakemake, succeed

pytestmark = pytest.mark.system


def test_missing_file_without_address(case):
    case.dataset["files"]["table"] = {"name": "measured.tsv"}
    assert_told(case, "data/measured.tsv: the file is not there", "put it at data/measured.tsv")
    assert_no_source(case)


def test_missing_file_that_a_person_makes(case):
    case.dataset["files"]["table"] = {
        "name": "rep1.bw",
        "page": "https://example.org",
        "preparation": "make it of X.bam",
    }
    assert_told(case, "make it of X.bam from https://example.org, and put it at data/rep1.bw")
    assert_no_source(case)


def test_missing_file_of_a_given_path(case):
    case.source["path"] = "elsewhere.tsv"
    case.command = ("-n",)
    assert_told(case, "data set 'assay': files.table.path: there is no file elsewhere.tsv", "correct the path")


def test_missing_file_of_a_path_that_was_changed_after_a_run(case):
    """What was fetched from the path before is not taken for the file of the new path."""
    case.write()
    command = ("--configfile", "bad.yaml", "--cores", "1")
    succeed(case.folder, *command, "--", STORE)
    record = (case.folder / "logs/import_dataset/assay.json").read_text()
    override = "overrides={datasets: {assay: {files: {table: {path: elsewhere.tsv}}}}}"
    done = snakemake(case.folder, *command, "--config", override, "--", STORE)
    assert done.returncode != 0
    assert "data set 'assay': files.table.path: there is no file elsewhere.tsv" in told(done.stdout)
    assert (case.folder / "logs/import_dataset/assay.json").read_text() == record


@pytest.mark.parametrize("absolute", [False, True], ids=["path from here", "path in full"])
def test_file_that_was_deleted_after_it_was_fetched(case, absolute):
    if absolute:
        case.source["path"] = str(case.table)
    case.write()
    command = ("--configfile", "bad.yaml", "--cores", "1", "--", STORE)
    succeed(case.folder, *command)
    case.table.unlink()
    assert "Nothing to be done" in succeed(case.folder, "-n", *command)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"params": {}}'])
def test_fetched_file_whose_record_is_damaged_or_gone(case, content):
    case.write()
    source = case.folder / "results/assay/sources/table"
    source.parent.mkdir(parents=True)
    shutil.move(case.table, source)
    if content is not None:
        record = case.folder / "logs/fetch_source/assay/table.json"
        record.parent.mkdir(parents=True)
        record.write_text(content)
    case.command = ("-n",)
    done = case.run()
    assert done.returncode != 0
    assert "there is no file table.tsv" in told(done.stdout)


@pytest.mark.parametrize(("made", "what"), [(False, "there is no file windows.fa"), (True, "windows.fa is a folder")])
def test_missing_file_of_a_pool(case, made, what):
    if made:
        (case.folder / "windows.fa").mkdir()
    case.config["study"]["students"] = ["degu@genomic-10"]
    case.config["overrides"]["pools"] = {"genomic": {"source": {"path": "windows.fa"}}}
    case.command = ("-n",)
    assert_told(case, f"config/pools/genomic.yaml: source.path: {what}", "correct the path in the pool's file")


def labelled_before(case, **settings):
    """Write a pool that was labelled with some settings, and its record; the file of its sequences is gone."""
    case.config["study"]["students"] = ["degu@genomic-10"]
    pool = {"name": "genomic", "source": {"name": "file", "path": "windows.fa"}, "augmentation": None, "variants": 1}
    files = {
        "results/assay/small/fraction-1/pools/genomic.h5": "",
        "logs/label_pool/assay/small/fraction-1/genomic.json": json.dumps({"params": {"pool": pool}}),
    }
    for name, content in files.items():
        path = case.folder / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
    case.config["overrides"]["pools"] = {"genomic": {"source": {"path": "windows.fa", **settings}}}
    case.command = ("-n", "--", STORE)
    case.write()


def test_file_of_a_pool_that_was_labelled_before(case):
    labelled_before(case)
    done = case.run()
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("settings", [{"path": "others.fa"}, {"column": "insert"}], ids=["path", "column"])
def test_file_of_a_pool_that_was_labelled_with_other_settings(case, settings):
    """What was labelled before is not taken for the sequences that are asked for now."""
    labelled_before(case, **settings)
    message = f"config/pools/genomic.yaml: source.path: there is no file {settings.get('path', 'windows.fa')}"
    done = case.run()
    assert done.returncode != 0
    assert message in told(done.stdout)


@pytest.mark.parametrize("record", [None, "{", "[]", '{"params": {}}'])
def test_file_of_a_pool_whose_record_is_damaged_or_gone(case, record):
    labelled_before(case)
    path = case.folder / "logs/label_pool/assay/small/fraction-1/genomic.json"
    path.unlink() if record is None else path.write_text(record)
    done = case.run()
    assert done.returncode != 0
    assert "there is no file windows.fa" in told(done.stdout)


def test_file_of_a_pool_that_no_student_is_trained_on(case):
    case.config["overrides"]["pools"] = {"genomic": {"source": {"path": "windows.fa"}}}
    case.write()
    succeed(case.folder, "--configfile", "bad.yaml", "--cores", "1", "-n", "--", STORE)


def test_page_and_citation_of_a_missing_file(case):
    page = "https://example.org/tables"
    case.dataset |= {"files": {"table": {"name": "measured.tsv", "page": page}}, "citation": "Someone et al. 2026"}
    assert_told(
        case, "expected: the file of this source: Someone et al. 2026", f"download it from {page}, and put it at"
    )


def test_unreachable_source(case):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}/measured.tsv"
    case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
    assert_told(case, f"{url}: the source cannot be reached", "refused", "put it at data/measured.tsv")
    assert_no_source(case)


@contextlib.contextmanager
def server(answer: Callable) -> Iterator[str]:
    """Serve files at 127.0.0.1 by a function that answers a request, and give the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_address[1]}/measured.tsv"
        finally:
            serving.shutdown()
            thread.join()


def test_truncated_download(case):
    def announce_more_than_is_sent(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b"sequence\tactivity\n")

    with server(announce_more_than_is_sent) as url:
        case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
        assert_told(case, f"{url}: the download broke off after 18 bytes", "expected: 5,000", "data/measured.tsv")
    assert_no_source(case)


def test_download_that_is_not_found(case):
    with server(lambda handler: handler.send_error(404)) as url:
        case.dataset["files"]["table"] = {"name": "measured.tsv", "url": url}
        assert_told(case, f"{url}: the source cannot be reached: Not Found", "put it at data/measured.tsv")
    assert_no_source(case)


def test_wrong_checksum(case):
    case.source["checksum"] = "sha256:" + "0" * 64
    assert_told(case, "table.tsv: the file's sha256 is", f"expected: {'0' * 64}", "correct `checksum`")
    assert_no_source(case)


def test_unreadable_checksum(case):
    case.source["checksum"] = "0123"
    assert_told(case, "assay.yaml: files.table.checksum: '0123' is not of the right form", "sha256:HEX or md5:HEX")
    assert_no_source(case)


def test_wrong_size(case):
    case.source["size"] = 7
    assert_told(case, "table.tsv: the file has ", "expected: 7 bytes", "correct `size`")
    assert_no_source(case)


def test_corrupt_store(case):
    case.write()
    succeed(case.folder, "--configfile", "bad.yaml", "--cores", "1", "--", STORE)
    (case.folder / STORE).write_bytes(random.Random(6).randbytes(5000))
    case.command = ("--", "results/assay/kmer_ridge/fraction-1/performance.tsv")
    done = case.run()
    assert done.returncode != 0
    message = told(done.stdout)
    assert f"{STORE}: not a readable sequence store" in message
    assert "remedy:   delete the file and run Snakemake again" in message
    assert {path.name for path in (case.folder / "results").rglob("*") if path.is_file()} == {"table", "store.h5"}


def test_results_folder_that_cannot_be_made(case):
    """`results` is a file, which stops even root, whom no permission stops."""
    (case.folder / "results").write_text("not a folder\n")
    case.write()
    done = case.run()
    assert done.returncode != 0
    message = told(done.stdout)
    assert "results: there is a file, or a link to nothing, where a folder" in message
    assert "remedy:   move it away" in message
    assert (case.folder / "results").read_text() == "not a folder\n"


@pytest.mark.parametrize("name", ["results/assay", "figures/assay", "logs", "logs/import_dataset"])
def test_file_in_place_of_a_folder_of_results(case, name):
    path = case.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("not a folder\n")
    case.command = ("-n",)
    case.write()
    assert f"{name}: there is a file" in told(case.run().stdout)


def test_link_to_nothing_in_place_of_the_results(case):
    (case.folder / "results").symlink_to("/no/such/disk")
    case.command = ("-n",)
    case.write()
    assert "results: there is a file, or a link to nothing" in told(case.run().stdout)


@pytest.mark.parametrize("name", ["cl{x}one", "cl}one"])
def test_workflow_in_a_folder_whose_name_has_braces(copy, tmp_path, name):
    folder = shutil.copytree(copy, tmp_path / name)
    done = snakemake(folder, "-n")
    assert done.returncode != 0
    message = told(done.stdout)
    assert f"the folder of the workflow: the path '{folder}' has braces" in message
    assert "remedy:   rename the folder" in message
