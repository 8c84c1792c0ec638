"""What is deployed is well-formed: schemas, linters, and each file that another one names.

Neither a Docker engine nor a cluster runs here: what they would do with it is not tested.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "k8s"
KUSTOMIZATIONS = sorted(K8S.rglob("kustomization.yaml"))
MANIFESTS = sorted(set(K8S.rglob("*.yaml")) - set(KUSTOMIZATIONS))
BIN = Path(sys.executable).parent


def run(*command: str) -> None:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def resources(folder: Path) -> list[dict[str, Any]]:
    """All that a kustomization puts together, before its patches."""
    found: list[dict[str, Any]] = []
    for name in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]:
        path = (folder / name).resolve()
        found += resources(path) if path.is_dir() else documents(path)
    return found


def pod_specs() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{each['kind']}/{each['metadata']['name']}", each["spec"]["template"]["spec"])
        for path in MANIFESTS
        for each in documents(path)
        if each["kind"] in {"Deployment", "Job"}
    ]


def test_the_dockerfile_has_no_finding() -> None:
    run("hadolint", "Dockerfile")


def test_compose_and_workflows_fit_their_schemas() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")
    workflows = [str(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))]
    run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)


def test_what_watches_finds_what_it_watches() -> None:
    """Files that services mount are there; where one sends to, another one listens."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name in ("prometheus", "grafana", "collector", "tempo"):
        assert services[name]["profiles"] == ["watch"]
        for mount in services[name]["volumes"]:
            if mount.startswith("./"):
                assert (ROOT / mount.partition(":")[0]).exists(), mount
    collector = yaml.safe_load((ROOT / "deploy/otel/collector.yml").read_text())
    tempo = yaml.safe_load((ROOT / "deploy/otel/tempo.yml").read_text())
    pipeline = collector["service"]["pipelines"]["traces"]
    for kind in ("receivers", "processors", "exporters"):
        assert set(pipeline[kind]) <= set(collector[kind])
    assert collector["receivers"]["otlp"]["protocols"]["http"]["endpoint"].endswith(":4318")
    host, _, port = collector["exporters"]["otlp"]["endpoint"].partition(":")
    assert host in services
    receives = tempo["distributor"]["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"]
    assert receives.endswith(f":{port}")
    for path in (ROOT / "deploy/grafana/provisioning/datasources").glob("*.yml"):
        for source in yaml.safe_load(path.read_text())["datasources"]:
            assert source["url"].split("/")[2].partition(":")[0] in services


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: str(path.relative_to(K8S)))
def test_manifests_fit_the_schemas_of_kubernetes(path: Path) -> None:
    if documents(path)[0]["kind"] == "ExternalSecret":
        pytest.skip("the schema is of an operator, not of Kubernetes")
    run("kubernetes-validate", "-k", "1.31", "--strict", "--quiet", str(path))


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_kustomizations_name_what_is_there(path: Path) -> None:
    """Files exist; patches, replicas and generated names meet a resource; JSON patches apply."""
    given = yaml.safe_load(path.read_text())
    for generator in given.get("configMapGenerator", []):
        for entry in generator["files"]:
            assert (path.parent / entry.partition("=")[2]).is_file(), entry
    by_name = {(each["kind"], each["metadata"]["name"]): each for each in resources(path.parent)}
    for entry in given.get("replicas", []):
        assert ("Deployment", entry["name"]) in by_name
    for patch in given.get("patches", []):
        target = by_name[patch["target"]["kind"], patch["target"]["name"]]
        for step in yaml.safe_load(patch["patch"]):
            place: Any = target
            *parents, last = [part for part in step["path"].split("/") if part]
            for part in parents:
                place = place[int(part) if isinstance(place, list) else part]
            if step["op"] == "replace":
                place[int(last) if isinstance(place, list) else last]


def test_what_pods_mount_exists() -> None:
    for overlay in ("preview", "staging", "production"):
        found = resources(K8S / "overlays" / overlay)
        given = yaml.safe_load((K8S / "overlays" / overlay / "kustomization.yaml").read_text())
        config_maps = {each["metadata"]["name"] for each in found if each["kind"] == "ConfigMap"}
        config_maps |= {each["name"] for each in given.get("configMapGenerator", [])}
        claims = {
            each["metadata"]["name"] for each in found if each["kind"] == "PersistentVolumeClaim"
        }
        for each in found:
            if each["kind"] not in {"Deployment", "Job"}:
                continue
            spec = each["spec"]["template"]["spec"]
            for volume in spec.get("volumes", []):
                if "configMap" in volume:
                    assert volume["configMap"]["name"] in config_maps
                if "persistentVolumeClaim" in volume:
                    assert volume["persistentVolumeClaim"]["claimName"] in claims
            named = {volume["name"] for volume in spec.get("volumes", [])}
            for container in spec["containers"]:
                assert {m["name"] for m in container.get("volumeMounts", [])} <= named


@pytest.mark.parametrize(("name", "spec"), pod_specs(), ids=lambda each: str(each)[:20])
def test_pods_run_without_rights(name: str, spec: dict[str, Any]) -> None:
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    for container in spec["containers"]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"]["drop"] == ["ALL"]
        assert "limits" in container["resources"]
        # MySQL's image writes beside its data.
        assert context.get("readOnlyRootFilesystem") or container["name"] == "mysql"


def test_yaml_is_tidy() -> None:
    rules = "{extends: relaxed, rules: {line-length: {max: 160}}}"
    run("yamllint", "-d", rules, "k8s", "compose.yaml", ".github", "deploy")


def test_static_analysis_finds_nothing_of_weight() -> None:
    run("bandit", "--quiet", "--recursive", "portal", "--severity-level", "medium")


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "compose"
    folder.mkdir()
    shutil.copy(ROOT / "deploy/compose/make-secrets.sh", folder)
    for _ in range(2):
        subprocess.run([str(folder / "make-secrets.sh")], check=True, capture_output=True)
        found = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
    assert set(found) == {"mysql_password", "redis_password"}
    again = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
    assert again == found
    assert all(len(each) > 20 for each in found.values())
