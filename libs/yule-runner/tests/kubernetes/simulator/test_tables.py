"""What `kubectl get` prints."""

from __future__ import annotations

from caller import JOB_PATH, Caller, job
from yule_runner.testing.kubernetes.http.access import ADMIN_TOKEN

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def rows(call: Caller, path: str) -> list[dict[str, str]]:
    headers = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Accept": TABLE}
    body = call.http.request("GET", call.server.url + path, headers=headers).json()
    names = [each["name"] for each in body["columnDefinitions"]]
    return [dict(zip(names, each["cells"], strict=True)) for each in body["rows"]]


def test_jobs_and_events_have_the_columns_of_a_real_server(call: Caller) -> None:
    call.server.cluster.add_node("n")
    call("POST", JOB_PATH, job("two", completions=2))
    call("POST", JOB_PATH, job("queue", parallelism=3))
    call.server.cluster.advance(130)

    queue, two = rows(call, JOB_PATH)
    assert (two["Name"], two["Status"], two["Completions"]) == ("two", "Running", "0/2")
    assert (two["Duration"], two["Age"]) == ("2m10s", "2m10s")
    assert (two["Containers"], two["Images"]) == ("main", "yule")
    assert two["Selector"].startswith("batch.kubernetes.io/controller-uid=")
    assert queue["Completions"] == "0/1 of 3"

    told = rows(call, "/api/v1/namespaces/default/events")
    (made,) = [each for each in told if each["Object"] == "job/two"]
    assert (made["Reason"], made["Source"], made["Count"]) == (
        "SuccessfulCreate",
        "job-controller",
        "1",
    )
    assert made["Last Seen"] == "2m10s"
