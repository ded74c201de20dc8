"""graphql_fuzz.py URL SCHEMA COUNT SEED: sends COUNT operations that hypothesis-graphql makes of the schema to a running
service, with the ADMIN key in DAGUERRE_KEY. Every answer must be one that a client can act on: no status 5xx, no
INTERNAL_SERVER_ERROR, nothing but JSON. An instance with known data and its snapshot must be there afterwards as they were.
All are different. One JSON line on standard output says what was sent. With `--known FILE` what was made is kept there, and found again.
"""

import collections
import datetime
import http.client
import json
import os
import pathlib
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import graphql
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import Mode, mutations, nodes, queries

ROWS = 1000
SETTLED = ("SUCCEEDED", "FAILED", "CANCELED")
FINGERPRINT = "MATCH (n:Known) RETURN count(n), sum(n.id), sum(size(n.text)), min(n.text), max(n.text)"


class Service:
    def __init__(self, url, key):
        self.url = urllib.parse.urlparse(url)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.connection = None

    def post(self, path, body):
        """Status and text. A connection that the service closed while it was idle is opened anew, once."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=60)
            try:
                self.connection.request("POST", path, json.dumps(body).encode(), self.headers)
                answer = self.connection.getresponse()
                return answer.status, answer.read().decode()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise

    def ask(self, query, **variables):
        while True:
            status, text = self.post(self.url.path, {"query": query, "variables": variables})
            answer = json.loads(text)
            if status != 429:
                break
            time.sleep(answer["errors"][0]["extensions"]["retryAfter"])
        if "errors" in answer:
            raise SystemExit(f"{query} answered {text}")
        return answer["data"]

    def run(self, instance, statement, **parameters):
        body = {"statement": statement, "parameters": parameters}
        status, text = self.post(f"/db/{instance}/query/v2", body)
        if status != 202:
            raise SystemExit(f"{statement} answered {status} {text}")
        return json.loads(text)["data"]["values"]

    def start(self, mutation, selection="", **given_input):
        """What a mutation that starts work answers, once the work has ended well."""
        name = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ operation {{ id }} {selection}"
            " errors { __typename ... on UserError { message } } } }"
        )
        while True:
            answer = self.ask(document, input=given_input)[mutation]
            if answer["operation"]:
                break
            # What is scheduled, or was begun by an operation before, comes first.
            if answer["errors"][0]["__typename"] != "InstanceBusyError":
                raise SystemExit(f"{mutation} answered {answer['errors']}")
            time.sleep(0.1)
        operation = answer["operation"]["id"]
        while True:
            read = "query ($id: ID!) { operation(id: $id) { status failure { code message } } }"
            state = self.ask(read, id=operation)["operation"]
            if state["status"] in SETTLED:
                break
            time.sleep(0.05)
        if state["status"] != "SUCCEEDED":
            raise SystemExit(f"{mutation} ended as {state}")
        return answer


PLACE = {"tier": "VIRTUAL_DEDICATED_CLOUD", "version": "V5", "cloudProvider": "AWS", "region": "eu-west-1"}


def make_instance(service, name):
    instance = service.start("createInstance", "instance { id }", name=name, **PLACE)["instance"]["id"]
    service.run(instance, "CREATE NODE TABLE Known(id INT64 PRIMARY KEY, text STRING)")
    rows = [{"id": n, "text": f"row {n}"} for n in range(ROWS)]
    service.run(instance, "UNWIND $rows AS row CREATE (:Known {id: row.id, text: row.text})", rows=rows)
    snapshot = service.start("takeSnapshot", "snapshot { id }", instanceId=instance, name="known")
    return instance, snapshot["snapshot"]["id"]


def prepare(service):
    """The data that must survive, and things beside it that operations may do with as they like."""
    kept, kept_snapshot = make_instance(service, "kept")
    spare, spare_snapshot = make_instance(service, "spare")
    export = service.start("exportSnapshot", snapshotId=spare_snapshot)["operation"]["id"]
    hook = "mutation { createWebhook(input: {url: \"https://127.0.0.1:9/\", events: [OPERATION_SUCCEEDED]}) { webhook { id } } }"
    webhooks = [service.ask(hook)["createWebhook"]["webhook"]["id"] for _ in range(3)]
    key = "mutation { createApiKey(input: {name: \"spare\", role: VIEWER}) { apiKey { id } } }"
    api_keys = [service.ask(key)["createApiKey"]["apiKey"]["id"] for _ in range(3)]
    service.start("takeSnapshot", instanceId=spare, name="told")
    delivery = None
    while delivery is None:
        deliveries = "query ($id: ID!) { node(id: $id) { ... on Webhook { deliveries { nodes { id } } } } }"
        found = service.ask(deliveries, id=webhooks[0])["node"]["deliveries"]["nodes"]
        delivery = found[0]["id"] if found else None
    audit = service.ask("{ auditLog(first: 1) { edges { cursor node { id } } } }")["auditLog"]["edges"][0]
    return {
        "kept": {"instance": kept, "snapshot": kept_snapshot},
        "spare": [spare, spare_snapshot, export, *webhooks, *api_keys, delivery, audit["node"]["id"]],
        "cursor": audit["cursor"],
        "fingerprint": service.run(kept, FINGERPRINT),
    }


def check_known(service, known):
    """The data is what it was, and its snapshot still brings it back."""
    kept = known["kept"]
    if service.run(kept["instance"], FINGERPRINT) != known["fingerprint"]:
        raise SystemExit("the known instance's data has changed")
    service.run(kept["instance"], "MATCH (n:Known) SET n.text = 'changed'")
    service.start("restoreSnapshot", snapshotId=kept["snapshot"], confirmation="RESTORE")
    if service.run(kept["instance"], FINGERPRINT) != known["fingerprint"]:
        raise SystemExit("the known snapshot does not bring the data back")


PREFIXES = {
    "instanceId": "ins",
    "snapshotId": "snap",
    "operationId": "op",
    "webhookId": "whk",
    "deliveryId": "dlv",
    "keyId": "key",
}


def strategies(schema, known):
    """Documents, by what they try. Ids, cursors, places, instants and sizes are real ones now and then: with wholly random
    values everything would end at `unknown id`."""
    kept = list(known["kept"].values())
    words = [PLACE["region"], known["cursor"], "https://127.0.0.1:9/", "known", "x" * 300, "", "RESTORE "]
    years = st.datetimes(datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30))
    close = st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2027, 12, 31))
    instants = st.one_of(close, close, years).map(lambda at: nodes.String(at.isoformat() + "Z"))
    sizes = st.one_of(st.integers(1, 100), st.integers(1, 100), st.integers(-(2**31), 2**31 - 1)).map(nodes.Int)
    text = st.one_of(st.sampled_from(words), st.text(max_size=40)).map(nodes.String)

    def scalars(ids):
        return {
            "ID": st.one_of(st.sampled_from(ids), st.sampled_from(ids), st.text(max_size=40)).map(nodes.String),
            "String": text,
            "Int": sizes,
            "DateTime": instants,
            "SafeInt": st.integers(-(2**53) + 1, 2**53 - 1).map(nodes.Int),
            "URL": st.sampled_from(["https://127.0.0.1:9/", "x"]).map(nodes.String),
            "JSON": st.just(nodes.Object([])),
        }

    spare = known["spare"]
    # These two would end the known snapshot's windows, as they should: they get ids of spare things alone.
    dangerous = {"changeTier", "releaseSnapshot"}
    safe = [name for name in schema.mutation_type.fields if name not in dangerous]
    # Mostly one root field at a time: several together make documents that take long to make, and say little more.
    reading = scalars(kept + spare)
    asking = [queries(schema, fields=[name], custom_scalars=reading) for name in schema.query_type.fields]
    asking += [queries(schema, custom_scalars=reading)] * 2
    acting = [mutations(schema, fields=safe, custom_scalars=scalars(kept + spare))]
    for name, field in schema.mutation_type.fields.items():
        ids = spare if name in dangerous else kept + spare
        wanted = {prefix for given, prefix in PREFIXES.items() if given in field.args["input"].type.of_type.fields}
        # Mostly of the kind that it takes: others say `unknown` at once.
        fitting = [one for one in ids if one.split("_")[0] in wanted] or ids
        acting.append(mutations(schema, fields=[name], custom_scalars=scalars(fitting * 4 + ids)))
    wrong = queries(schema, custom_scalars=scalars(spare), mode=Mode.NEGATIVE)
    wrong_acts = mutations(schema, custom_scalars=scalars(spare), mode=Mode.NEGATIVE)
    return {"query": st.one_of(asking), "mutation": st.one_of(acting), "wrong query": wrong, "wrong mutation": wrong_acts}


def lift_arguments(schema, document):
    """The same operation with its root fields' arguments as variables, as clients send them."""
    parsed = graphql.parse(document, no_location=True)
    operation = parsed.definitions[0]
    root = schema.get_root_type(operation.operation)
    declared, values = [], {}

    def lift(argument, definition):
        name = f"v{len(values)}"
        values[name] = graphql.value_from_ast_untyped(argument.value)
        declared.append(f"${name}: {definition.type}")
        return replace(argument, value=graphql.VariableNode(name=graphql.NameNode(value=name)))

    def lift_all(field):
        definition = root.fields.get(field.name.value)
        if definition is None:
            return field
        return replace(field, arguments=tuple(lift(one, definition.args[one.name.value]) for one in field.arguments or ()))

    selections = tuple(lift_all(field) for field in operation.selection_set.selections)
    if not values:
        return document, {}
    body = graphql.print_ast(replace(operation.selection_set, selections=selections))
    return f"{operation.operation.value} ({', '.join(declared)}) {body}", values


def main():
    url, schema_file, count, chosen_seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    known_file = pathlib.Path(sys.argv[6]) if sys.argv[5:6] == ["--known"] else None
    service = Service(url, os.environ["DAGUERRE_KEY"])
    local = threading.local()
    schema = graphql.build_schema(pathlib.Path(schema_file).read_text())
    if known_file and known_file.exists():
        known = json.loads(known_file.read_text())
    else:
        known = prepare(service)
        if known_file:
            known_file.write_text(json.dumps(known))
    sent, answers, outcomes, faults = set(), [], collections.Counter(), []
    # While operations are made, earlier ones are under way; two at a time, so that they also meet each other.
    clients = ThreadPoolExecutor(max_workers=2)

    def send(kind, document, as_variables):
        variables = {}
        if as_variables and not kind.startswith("wrong"):
            document, variables = lift_arguments(schema, document)
        body = {"query": document, "variables": variables}
        text = json.dumps(body)
        if text in sent:
            return
        sent.add(text)
        answers.append((body, clients.submit(post, body)))

    def post(body):
        if not hasattr(local, "service"):
            local.service = Service(url, os.environ["DAGUERRE_KEY"])
        return local.service.post(service.url.path, body)

    def judge(body, status, text):
        try:
            answer = json.loads(text)
        except ValueError:
            return faults.append((status, text[:500], body))
        codes = {error.get("extensions", {}).get("code", "none") for error in answer.get("errors", [])}
        outcomes.update(codes or {"answered"})
        if status >= 500 or codes & {"INTERNAL_SERVER_ERROR", "none"}:
            faults.append((status, text[:2000], body))

    shares = {"query": 0.45, "mutation": 0.45, "wrong query": 0.05, "wrong mutation": 0.05}
    for kind, documents in strategies(schema, known).items():
        few = settings(
            # Some are made more than once.
            max_examples=round(1.15 * count * shares[kind]),
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        seed(chosen_seed)(few(given(st.just(kind), documents, st.booleans())(send)))()
    # A service that does not answer any more ends the run here, with the exception that says so.
    for body, answer in answers:
        judge(body, *answer.result())

    check_known(service, known)
    print(json.dumps({"sent": len(answers), "outcomes": outcomes}))
    for status, text, body in faults[:10]:
        print(f"\n{status} {text}\n  to {json.dumps(body)[:3000]}", file=sys.stderr)
    if faults:
        raise SystemExit(f"{len(faults)} of {len(sent)} operations met a fault")
    if len(sent) < count:
        raise SystemExit(f"only {len(sent)} different operations of {count} could be made")


main()
