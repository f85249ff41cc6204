"""The default embedder, for real: fetched, rebuilt, and asked for German meaning."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rag import models
from rag.embed import SentenceTransformersEmbedder
from rag.errors import ModelError
from rag.models import Weights
from rag.ports import Embedder, Vectors
from rag.settings import load_settings

QUESTION = "Wie hoch ist die Zugspitze?"
TEXTS = [
    "Der Bäcker verkauft jeden Morgen frische Brötchen.",
    "Mit 2962 Metern ist die Zugspitze der höchste Berg Deutschlands.",
    "Die Zugspitze " * 60 + "liegt in Bayern.",
    "Tarifverhandlungen",
    "Der Bundestag beschloss das Gesetz mit großer Mehrheit am Donnerstag.",
]


@pytest.fixture(scope="session")
def e5_weights() -> Weights:
    """The default model in the user's cache; a failure to fetch it fails the tests."""
    model_dir = load_settings().model_dir
    models.pull(models.load_catalogue()["multilingual-e5-small"], model_dir, print)
    return models.locate("multilingual-e5-small", model_dir)


@pytest.fixture(scope="session")
def e5_model(e5_weights: Weights) -> SentenceTransformersEmbedder:
    return load(e5_weights)


def load(weights: Weights) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(weights.path, weights.identity, weights.name, device="cpu")


def copy_of(weights: Weights, folder: Path) -> Path:
    """The model folder again, its large files as links."""
    shutil.copytree(weights.path, folder, copy_function=lambda a, b: Path(b).symlink_to(a))
    return folder


def rewrite(path: Path, **changes: object) -> None:
    content = {**json.loads(path.read_text()), **changes}
    path.unlink()
    path.write_text(json.dumps(content))


def cosines(left: Vectors, right: Vectors) -> list[float]:
    return [float(x) for x in (left * right).sum(axis=1)]


def test_vectors_are_float32_rows_of_length_one_in_the_order_of_the_texts(
    e5_model: SentenceTransformersEmbedder,
) -> None:
    embedder: Embedder = e5_model
    vectors = embedder.documents(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.vstack([embedder.documents([text]) for text in TEXTS])
    assert min(cosines(vectors, alone)) > 0.9999


def test_the_text_that_answers_is_nearest_to_its_german_question(
    e5_model: SentenceTransformersEmbedder,
) -> None:
    scores = (e5_model.documents(TEXTS) @ e5_model.query(QUESTION).T)[:, 0]
    assert int(scores.argmax()) == 1
    assert scores[2] > scores[3]  # the same mountain beats another matter
    english = e5_model.documents(["The Zugspitze is the highest mountain in Germany."])
    assert float(english[0] @ e5_model.query(QUESTION)[0]) > float(scores[0])


def test_documents_and_queries_carry_their_own_prompts(
    e5_model: SentenceTransformersEmbedder,
) -> None:
    """e5 was trained with "query: " and "passage: "; the same text gets two vectors."""
    raw = e5_model._model
    by_hand = raw.encode(["query: " + QUESTION, "passage: " + QUESTION], prompt="")
    assert cosines(e5_model.query(QUESTION), by_hand[:1])[0] > 0.9999
    assert cosines(e5_model.documents([QUESTION]), by_hand[1:])[0] > 0.9999
    assert cosines(e5_model.query(QUESTION), e5_model.documents([QUESTION]))[0] < 0.999


def test_an_e5_model_without_prompts_of_its_own_still_gets_them(
    e5_weights: Weights, e5_model: SentenceTransformersEmbedder, tmp_path: Path
) -> None:
    folder = copy_of(e5_weights, tmp_path / "copy")
    rewrite(folder / "config_sentence_transformers.json", prompts={})
    bare = load(Weights("intfloat/multilingual-e5-small", folder, "x"))
    assert cosines(bare.query(QUESTION), e5_model.query(QUESTION))[0] > 0.9999
    assert cosines(bare.documents([QUESTION]), e5_model.documents([QUESTION]))[0] > 0.9999
    other = load(Weights("someone/else5-model", folder, "x"))
    assert cosines(other.query(QUESTION), e5_model.query(QUESTION))[0] < 0.9999


def test_tokens_are_counted_as_they_are_read_and_beyond_the_maximum_nothing_is(
    e5_model: SentenceTransformersEmbedder,
) -> None:
    assert e5_model.count_tokens([]) == []
    short, long = e5_model.count_tokens(["Berg", "Berg " * 2000])
    assert short == len(e5_model._model.tokenizer("passage: Berg")["input_ids"])
    assert long > e5_model.max_tokens == 512
    fits = "Berg " * 300
    assert e5_model.count_tokens([fits])[0] <= e5_model.max_tokens
    # What lies beyond the maximum is cut; what lies below it counts.
    cut = e5_model.documents(["Berg " * 2000, "Berg " * 2000 + "Tal"])
    kept = e5_model.documents([fits, fits + "Tal"])
    assert cosines(cut[:1], cut[1:])[0] > 0.99999
    assert cosines(kept[:1], kept[1:])[0] < 0.99999


def test_progress_adds_up_to_all_texts(e5_model: SentenceTransformersEmbedder) -> None:
    done: list[int] = []
    e5_model.documents(["Berg"] * 19, done.append)
    assert sum(done) == 19
    assert len(done) > 1
    assert e5_model.documents([]).shape == (0, 384)


def test_an_empty_text_and_odd_characters_get_a_vector(
    e5_model: SentenceTransformersEmbedder,
) -> None:
    vectors = e5_model.documents(["", " ", "\0\x85\u2028\ud7ff🏔", "ﬁ" * 3000])
    assert np.isfinite(vectors).all()


def test_threads_may_ask_at_once(e5_model: SentenceTransformersEmbedder) -> None:
    expected = e5_model.query(QUESTION)
    wrong: list[object] = []

    def ask(n: int) -> None:
        try:
            for _ in range(5):
                e5_model.count_tokens([QUESTION * n])
                if cosines(e5_model.query(QUESTION), expected)[0] < 0.9999:
                    wrong.append("other vector")
        except RuntimeError as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_fingerprint_changes_with_weights_and_prompts_and_with_nothing_else(
    e5_weights: Weights, e5_model: SentenceTransformersEmbedder, tmp_path: Path
) -> None:
    other = load(Weights(e5_weights.name, e5_weights.path, "other weights"))
    assert other.fingerprint != e5_model.fingerprint
    folder = copy_of(e5_weights, tmp_path / "copy")
    rewrite(folder / "config_sentence_transformers.json", prompts={"query": "Frage: "})
    asked = load(Weights(e5_weights.name, folder, e5_weights.identity))
    assert asked.fingerprint != e5_model.fingerprint


def test_loading_reaches_for_no_network_and_prints_nothing(
    e5_weights: Weights,
    e5_model: SentenceTransformersEmbedder,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("reached for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    again = load(e5_weights)
    again.query(QUESTION)
    assert again.fingerprint == e5_model.fingerprint
    out, err = capfd.readouterr()
    assert out == ""
    assert err == ""


@pytest.mark.parametrize("damage", ["weights", "cut", "config", "tokenizer", "empty"])
def test_a_folder_that_cannot_be_loaded_is_one_line(
    e5_weights: Weights, tmp_path: Path, damage: str
) -> None:
    folder = copy_of(e5_weights, tmp_path / "copy")
    if damage == "weights":
        (folder / "model.safetensors").unlink()
    elif damage == "cut":
        (folder / "model.safetensors").unlink()
        (folder / "model.safetensors").write_bytes(
            (e5_weights.path / "model.safetensors").read_bytes()[:1_000_000]
        )
    elif damage == "config":
        (folder / "config.json").unlink()
        (folder / "config.json").write_text("{")
    elif damage == "tokenizer":
        (folder / "tokenizer.json").unlink()
        (folder / "tokenizer.json").write_text("{}")
    else:
        shutil.rmtree(folder)
        folder.mkdir()
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        load(Weights("mine", folder, "x"))
    assert "\n" not in str(caught.value)
    assert "mine" in caught.value.what
    assert time.monotonic() - began < 10
