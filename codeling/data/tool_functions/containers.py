# ruff: noqa: E501  (each line is one entry of a table)
"""Containers, images and clusters. Results are simulated."""

from __future__ import annotations

from random import Random

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import (
    FunctionSpec,
    answer,
    choice,
    flag,
    integer,
    lines,
    listing,
    mapping,
    number,
    text,
)

_DOMAIN = "containers"
_PORT = values.whole(1024, 65535)


def container(random: Random) -> str:
    """A container's name: maple-web, brave_turtle, order-api-2."""
    ending = random.choice(("web", "api", "db", "cache", "worker", "proxy", "queue", "app"))
    return random.choice(
        (
            f"{values.noun(random)}-{ending}",
            f"{values.noun(random)}-{ending}-{random.randint(1, 9)}",
            values.identifier(random),
        )
    )


def image(random: Random) -> str:
    """An image's name: redis:7.2.1, clara/maple-web:latest."""
    name = (
        random.choice(("redis", "nginx", "postgres", "python", "node", "alpine", "ubuntu", "mysql", "golang"))
        if random.random() < 0.4
        else f"{values.first_name(random).lower()}/{container(random)}"
    )
    tag = random.choice((values.version(random), values.version(random), "latest", "alpine", "slim"))
    return f"{name}:{tag}"


def _deployment(random: Random) -> str:
    return f"{values.noun(random)}-{random.choice(('api', 'web', 'worker', 'frontend', 'backend', 'gateway'))}"


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("run_container", _DOMAIN, "Start a container from an image",
        (text("image", image), text("name", container, required=False, names=("container_name",)), integer("port", _PORT, "port to publish", required=False),
         mapping("environment", lambda r: values.noun(r).upper(), values.word, required=False, names=("env",))),
        lines("""
            Run a container from {image}[ called {name}][ on port {port}][ with {environment}]
            docker run {image}[ --name {name}][ -p {port}][ -e {environment}]
            Start a new container of {image}[ named {name}][, port {port}][, environment {environment}]
            Please run the image {image}[ as {name}][ with port {port}][ and the environment {environment}]
            Launch {image} in a container[ {name}][, publish port {port}][, set {environment}]
            Can you spin up a container with {image}[, name it {name}][, on port {port}][, with {environment}]?
            I need a container running {image}[ under the name {name}][ at port {port}][ and {environment}]
            Bring up the image {image}[ as container {name}][, listening on {port}][, variables {environment}]
            Make a container out of {image}[, call it {name}][, open port {port}][, pass {environment}]
        """), lambda a, r: {"id": values.hexadecimal(12)(r), "name": a["name"] or container(r)}, names=("start_new_container", "docker_run")),
    FunctionSpec("stop_container", _DOMAIN, "Stop a running container",
        (text("container", container, names=("name",)), integer("timeout", values.whole(1, 120), "seconds", required=False, default=10)),
        lines("""
            Stop the container {container}[ within {timeout} seconds]
            docker stop {container}[ -t {timeout}]
            Please stop container {container}[, waiting {timeout} seconds]
            Shut the container {container} down[ after {timeout} seconds]
            The container {container} should stop[, timeout {timeout} seconds]
            Can you halt the container {container}[ with a timeout of {timeout} seconds]?
            Turn off container {container}[, give it {timeout} seconds]
            End the running container {container}[ in at most {timeout} seconds]
            I don't want the container {container} running[, wait {timeout} seconds]
        """), answer("container", state="exited"), names=("docker_stop", "halt_container")),
    FunctionSpec("restart_container", _DOMAIN, "Restart a container",
        (text("container", container, names=("name",)),),
        lines("""
            Restart the container {container}
            docker restart {container}
            Please restart container {container}
            The container {container} hangs, restart it
            Give the container {container} a restart
            Can you stop and start the container {container}?
            Bounce the container {container}
            A restart of container {container} might help, do it
            Have the container {container} start afresh
        """), answer("container", state="running"), names=("docker_restart",)),
    FunctionSpec("remove_container", _DOMAIN, "Delete a container",
        (text("container", container, names=("name",)), flag("volumes", "with its volumes", "keeping its volumes", names=("remove_volumes",))),
        lines("""
            Remove the container {container}[ {volumes}]
            docker rm {container}[ {volumes}]
            Delete the container {container}[, {volumes}]
            Please delete container {container}[ {volumes}]
            Get rid of the container {container}[ {volumes}]
            The old container {container} can be deleted[ {volumes}]
            Can you throw away the container {container}[, {volumes}]?
            I no longer need container {container}, remove it[ {volumes}]
            Clean away the stopped container {container}[, {volumes}]
        """), answer("container", removed=True), names=("delete_container", "docker_rm")),
    FunctionSpec("list_containers", _DOMAIN, "List containers by state",
        (choice("state", ("running", "stopped", "paused", "restarting")), integer("limit", values.whole(1, 60), required=False)),
        lines("""
            List {state} containers[, at most {limit}]
            docker ps {state}[ limit {limit}]
            Show the {state} containers[, only {limit}]
            Give me a list of {state} containers[ with {limit} entries]
            Please list the containers that are {state}[, maximum {limit}]
            containers: {state}[, {limit}]
            I'd like to see {state} docker containers[, no more than {limit}]
            What containers are there? Show {state}[, up to {limit}]
            Print an overview of {state} containers[, the latest {limit}]
        """), lambda a, r: {"containers": [container(r) for _ in range(r.randint(0, 3))]}, names=("show_containers", "docker_ps")),
    FunctionSpec("container_logs", _DOMAIN, "Show the logs of a container",
        (text("container", container, names=("name",)), integer("lines", values.magnitudes(5, 5000), required=False, default=100, names=("tail",))),
        lines("""
            Show the logs of the container {container}[, last {lines} lines]
            docker logs {container}[ --tail {lines}]
            What does the container {container} print[? Show {lines} lines]
            Give me[ {lines} lines of] the logs from container {container}
            Please show[ {lines} lines of] container {container}'s log
            Why did the container {container} crash? Show its logs[, {lines} lines]
            Let me read the log of container {container}[, {lines} lines]
            Get the output of the container {container}[ - {lines} lines]
            I need to see what container {container} logged[, the latest {lines} lines]
        """), lambda a, r: {"lines": [f"{r.choice(('INFO', 'WARN', 'ERROR'))} {values.sentence(r)}"]}, names=("docker_logs",)),
    FunctionSpec("exec_in_container", _DOMAIN, "Run a command inside a container",
        (text("container", container, names=("name",)), text("command", lambda r: f"{r.choice(('ls', 'cat', 'rm', 'tail', 'du'))} {values.file_path(r)}", names=("cmd",)), text("user", values.login, required=False, default="root")),
        lines("""
            Run "{command}" in the container {container}[ as {user}]
            docker exec {container} {command}[ as {user}]
            Execute "{command}" inside container {container}[ as user {user}]
            In the container {container}, run "{command}"[ as {user}]
            Please run "{command}" within container {container}[, user {user}]
            What does "{command}" print inside the container {container}[ for {user}]?
            Can you execute "{command}" in container {container}[ as the user {user}]?
            Go into the container {container}[ as {user}] and run "{command}"
            I want "{command}" executed by the container {container}[, user {user}]
        """), answer("container", exit_code=0), names=("docker_exec",)),
    FunctionSpec("container_stats", _DOMAIN, "Show resource use of a container",
        (text("container", container, names=("name",)),),
        lines("""
            How much memory does the container {container} use?
            docker stats {container}
            Show the resource use of container {container}
            What load does the container {container} cause?
            Get CPU and memory of the container {container}
            Please show statistics for container {container}
            Is the container {container} using too many resources?
            How busy is container {container}?
            I want to see how hungry the container {container} is
        """), answer("container", cpu_percent=values.decimal(0, 99), memory_mb=values.magnitudes(1, 9000)), names=("docker_stats",)),
    FunctionSpec("build_image", _DOMAIN, "Build an image from a folder",
        (text("folder", values.folder, names=("context",)), text("tag", image, names=("image",)), flag("no_cache", "without the cache", "using the cache")),
        lines("""
            Build the image {tag} from {folder}[, {no_cache}]
            docker build {folder} -t {tag}[ {no_cache}]
            Make an image {tag} out of the folder {folder}[ {no_cache}]
            Please build a docker image {tag} with the files in {folder}[, {no_cache}]
            Turn {folder} into the image {tag}[, {no_cache}]
            Can you build {folder} as image {tag}[ {no_cache}]?
            I changed the Dockerfile in {folder}, build {tag} again[, {no_cache}]
            Create image {tag}, the sources are in {folder}[, {no_cache}]
            From the folder {folder}, produce the container image {tag}[, {no_cache}]
        """), answer("tag", bytes=values.magnitudes(1_000_000, 900_000_000)), names=("docker_build",)),
    FunctionSpec("pull_image", _DOMAIN, "Download an image from a registry",
        (text("image", image), text("registry", values.host, required=False, default="docker.io")),
        lines("""
            Pull the image {image}[ from {registry}]
            docker pull {image}[ from {registry}]
            Download the image {image}[ from the registry {registry}]
            Please get the docker image {image}[ from {registry}]
            Fetch image {image}[, registry {registry}]
            Can you pull {image}[ from the registry at {registry}] for docker?
            I need the image {image} here[, it is on {registry}]
            Load the container image {image} onto this machine[ from {registry}]
            Is {image} on this machine? If not, pull the image[ from {registry}]
        """), answer("image", pulled=True), names=("docker_pull", "download_image")),
    FunctionSpec("push_image", _DOMAIN, "Upload an image to a registry",
        (text("image", image), text("registry", values.host, required=False, default="docker.io")),
        lines("""
            Push the image {image}[ to {registry}]
            docker push {image}[ to {registry}]
            Upload the image {image}[ to the registry {registry}]
            Please push docker image {image}[ to {registry}]
            Send image {image}[ to the registry {registry}]
            Can you push the image {image}[ up to {registry}]?
            The image {image} is built, upload it[ to {registry}]
            Publish the container image {image}[ at {registry}]
            Others need the image {image}, so push it[ to {registry}]
        """), answer("image", pushed=True), names=("docker_push", "upload_image")),
    FunctionSpec("list_images", _DOMAIN, "List the images on this machine",
        (text("filter", values.noun, "text in the name", required=False), flag("dangling", "only untagged ones", "only tagged ones")),
        lines("""
            List the docker images[ with {filter} in the name][, {dangling}]
            docker images[ {filter}][, {dangling}]
            Which images are on this machine[ matching {filter}][, {dangling}]?
            Show all container images[ that contain {filter}][, {dangling}]
            Please list my images[ named like {filter}][, {dangling}]
            What docker images do I have[ for {filter}][, {dangling}]?
            Give me an overview of the local images[, filter {filter}][, {dangling}]
            Print every docker image[ whose name has {filter}][, {dangling}]
            I'd like to see which container images exist[, filtered by {filter}][, {dangling}]
        """), lambda a, r: {"images": [image(r) for _ in range(r.randint(0, 3))]}, names=("docker_images", "show_images")),
    FunctionSpec("remove_image", _DOMAIN, "Delete images from this machine",
        (listing("images", image, 1, 3, names=("names",)), flag("force", "by force", "only if unused")),
        lines("""
            Remove the images {images}[ {force}]
            docker rmi {images}[ {force}]
            Delete the docker images {images}[, {force}]
            Please remove image {images}[ {force}]
            I don't need the images {images} any more, delete them[ {force}]
            Can you delete {images} from my images[, {force}]?
            Free space by deleting the container images {images}[, {force}]
            Get rid of image {images}[, {force}]
            The images {images} take up room, remove them[ {force}]
        """), answer(removed=True), names=("delete_images", "docker_rmi")),
    FunctionSpec("create_volume", _DOMAIN, "Create a storage volume",
        (text("name", values.slug, names=("volume",)), number("gigabytes", values.mixed(values.decimal(0.5, 99), values.magnitudes(1, 2000)), required=False, names=("size_gb",))),
        lines("""
            Create the volume {name}[ with {gigabytes} gigabytes]
            docker volume create {name}[ size {gigabytes} GB]
            Make a new volume called {name}[ of {gigabytes} GB]
            I need a storage volume {name}[ that has {gigabytes} gigabytes]
            Please set up a volume named {name}[, {gigabytes} GB]
            Can you add a volume {name} for my data[, {gigabytes} GB in size]?
            My containers need a volume {name}[, size {gigabytes} GB]
            Set aside storage as volume {name}[, {gigabytes} gigabytes]
            Prepare a data volume under the name {name}[ holding {gigabytes} GB]
        """), answer("name", created=True), names=("new_volume", "add_volume")),
    FunctionSpec("scale_deployment", _DOMAIN, "Set the number of replicas",
        (text("deployment", _deployment, names=("name",)), integer("replicas", values.whole(0, 60), names=("count",)), text("namespace", values.noun, required=False, default="default")),
        lines("""
            Scale {deployment} to {replicas} replicas[ in the namespace {namespace}]
            kubectl scale {deployment} --replicas={replicas}[ -n {namespace}]
            Run {replicas} replicas of {deployment}[ in namespace {namespace}]
            Set the replicas of the deployment {deployment} to {replicas}[, namespace {namespace}]
            {deployment} should have {replicas} replicas[ in {namespace}]
            Please scale the deployment {deployment}[ in {namespace}] to {replicas}
            Can we have {replicas} copies of {deployment} running[ in the namespace {namespace}]?
            There is a lot of traffic, give {deployment} {replicas} replicas[ in {namespace}]
            Change how many pods {deployment} has to {replicas}[ within namespace {namespace}]
        """), answer("deployment", "replicas"), names=("set_replicas", "scale_service")),
    FunctionSpec("deploy_image", _DOMAIN, "Deploy an image version to an environment",
        (text("image", image), choice("environment", ("production", "staging", "testing", "development"), names=("target",)), flag("wait", "waiting until it is healthy", "without waiting")),
        lines("""
            Deploy {image} to {environment}[, {wait}]
            Roll out {image} in {environment}[, {wait}]
            deploy {environment} {image}[ {wait}]
            Please put {image} on {environment}[, {wait}]
            Ship {image} to the {environment} environment[, {wait}]
            Can you deploy the image {image} to {environment}[ {wait}]?
            {environment} should run {image} from now on[, {wait}]
            Release the image {image} into {environment}[, {wait}]
            Bring {image} live on {environment}[, {wait}]
        """), answer("image", "environment"), names=("deploy", "roll_out")),
    FunctionSpec("rollback_deployment", _DOMAIN, "Go back to an earlier revision",
        (text("deployment", _deployment, names=("name",)), integer("revision", values.magnitudes(1, 999), required=False)),
        lines("""
            Roll back {deployment}[ to revision {revision}]
            kubectl rollout undo {deployment}[ --to-revision={revision}]
            Undo the last rollout of {deployment}[, back to revision {revision}]
            The new {deployment} is broken, roll it back[ to revision {revision}]
            Please return {deployment} to an earlier revision[, number {revision}]
            Can you roll the deployment {deployment} back[ to {revision}]?
            Take {deployment} back to what it was[ at revision {revision}]
            Go back with the deployment {deployment}[ to revision {revision}]
            I want the previous state of {deployment} again[, revision {revision}]
        """), answer("deployment", rolled_back=True), names=("undo_rollout",)),
    FunctionSpec("list_pods", _DOMAIN, "List the pods of a namespace",
        (text("namespace", values.noun), text("label", lambda r: f"{r.choice(('app', 'tier', 'env', 'team'))}={values.noun(r)}", required=False, names=("selector",))),
        lines("""
            List the pods in the namespace {namespace}[ with the label {label}]
            kubectl get pods -n {namespace}[ -l {label}]
            Which pods run in {namespace}[ with {label}]?
            Show all pods of the namespace {namespace}[ labelled {label}]
            Please list the pods from {namespace}[ where {label}]
            What pods are there in namespace {namespace}[ for {label}]?
            Are the pods in {namespace} healthy? List them[, label {label}]
            Give me every pod of {namespace}[ selected by {label}]
            I'd like an overview of pods in the {namespace} namespace[, only {label}]
        """), lambda a, r: {"pods": [f"{_deployment(r)}-{values.hexadecimal(5)(r)}" for _ in range(r.randint(0, 3))]}, names=("get_pods", "show_pods")),
    FunctionSpec("create_secret", _DOMAIN, "Store a secret for containers",
        (text("name", values.slug, names=("secret",)), text("value", values.hexadecimal(10), names=("data",)), text("namespace", values.noun, required=False, default="default")),
        lines("""
            Create the secret {name} with the value {value}[ in namespace {namespace}]
            kubectl create secret {name} {value}[ -n {namespace}]
            Store {value} as the secret {name}[ in the namespace {namespace}]
            Please add a secret called {name} holding {value}[, namespace {namespace}]
            Save the secret {name}: {value}[ ({namespace})]
            Can you put {value} into a secret named {name}[ in {namespace}]?
            The secret {name} should be {value}[ in the {namespace} namespace]
            My pods need a secret {name}, its value is {value}[, for namespace {namespace}]
            Keep {value} safe as the container secret {name}[ within {namespace}]
        """), answer("name", created=True), names=("add_secret",)),
)  # fmt: skip
