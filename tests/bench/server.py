#!/usr/bin/env python3
"""Measures 'falcon serve' from outside, over HTTP, with Python's own library alone.

    ./falcon --help && python3 tests/bench/server.py WHAT [OPTIONS]

    start       from the command to the first answer
    heat-map    from five photos to the first heat map, by PatchCore and by FALCON at a small setting
    cost        what HTTP adds to the library's own time (Server-Timing), one client after another
    training    latencies of inspections with and without a training beside them
    many        thousands of inspections: memory, failed answers
    clients     eight clients at once: equal answers, inspections per second
    slow        clients that drip, lie about lengths and say nothing, beside one that inspects
    death       kill -9 in a training and in an upload, over and over: nothing lost that was acknowledged

    --data FOLDER    a category in MVTec AD's layout; default: drawn (falcon data synth)
    --count N        inspections, or rounds
    --parallel N     as for falcon serve
    --threads N      as for falcon serve, for many
    --method NAME    the model that inspects; default: patchcore
    --options JSON   its options

FALCON_DLL names another falcon.dll than the one that ./falcon has built.
"""
import argparse
import concurrent.futures
import glob
import http.client
import json
import os
import random
import resource
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FALCON = ["dotnet", os.environ.get("FALCON_DLL", os.path.join(ROOT, "artifacts/publish/Falcon.Cli/release/falcon.dll"))]


class Server:
    """A server in a process of its own."""

    def __init__(self, home, *options):
        started = time.time()
        self.process = subprocess.Popen(FALCON + ["serve", "--home", home, "--port", "0", "--json", *options], stdout=subprocess.PIPE, text=True)
        address = json.loads(self.process.stdout.readline())["address"]
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])
        self.started = time.time() - started
        self.home = home
        self.local = threading.local()

    def ask(self, method, path, body=None, kind="application/json"):
        """Status, headers and body; the connection of a thread is kept."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection = getattr(self.local, "connection", None) or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.local.connection = connection
        try:
            connection.request(method, path, body, {"Content-Type": kind} if body is not None else {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except Exception:
            connection.close()
            self.local.connection = None
            raise

    def json(self, method, path, body=None, kind="application/json"):
        status, _, content = self.ask(method, path, body, kind)
        assert status < 300, (status, content)
        return json.loads(content) if content else None

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.process.pid}/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def job(self, job):
        while True:
            state = self.json("GET", f"/api/jobs/{job}")
            if state["state"] not in ("queued", "running"):
                assert state["state"] == "done", state
                return state
            time.sleep(0.05)

    def part(self, name, photos):
        part = self.json("POST", "/api/parts", {"name": name})["id"]
        for photo in photos:
            self.json("POST", f"/api/parts/{part}/photos?name={os.path.basename(photo)}", read(photo), "application/octet-stream")
        return part

    def train(self, part, **request):
        return self.json("POST", f"/api/parts/{part}/trainings", request)["id"]

    def inspect(self, part, image, query=""):
        return self.ask("POST", f"/api/parts/{part}/inspections{query}", image, "application/octet-stream")

    def hurry(self):
        """Gives the job's process the server's priority: it goes last otherwise, and on a busy machine that would take hours."""
        own = os.getpriority(os.PRIO_PROCESS, self.process.pid)

        def keep_on():
            while self.process.poll() is None:
                for worker in subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split():
                    try:
                        for task in os.listdir(f"/proc/{worker}/task"):
                            os.setpriority(os.PRIO_PROCESS, int(task), own)
                    except OSError:
                        pass
                time.sleep(0.3)

        threading.Thread(target=keep_on, daemon=True).start()
        return self

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def processor():
    """Seconds that ended processes have taken: what others do on the machine changes it little."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def data(folder, scratch):
    """Good photos to learn from, and others."""
    if folder is None:
        subprocess.run(FALCON + ["data", "synth", "--out", f"{scratch}/data", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        folder = f"{scratch}/data/flange"
    return sorted(glob.glob(f"{folder}/train/good/*"))[:5], sorted(glob.glob(f"{folder}/test/*/*"))


def quantiles(times):
    ordered = sorted(times)
    return f"median {1000 * statistics.median(ordered):.1f} ms, 95 % within {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.1f} ms, slowest {1000 * ordered[-1]:.1f} ms"


def inspected(server, part, images, count):
    """Latencies, and what HTTP adds to the library's time."""
    latencies, added = [], []
    for i in range(count):
        image = images[i % len(images)]
        started = time.perf_counter()
        status, headers, _ = server.inspect(part, image)
        latency = time.perf_counter() - started
        assert status == 200
        latencies.append(latency)
        added.append(latency - float(headers["Server-Timing"].split("dur=")[1]) / 1000)
    return latencies, added


def trained(server, options, photos):
    part = server.part("part", photos)
    server.job(server.train(part, method=options.method, options=json.loads(options.options)))
    return part


def start(options, scratch):
    for _ in range(options.count or 3):
        server = Server(f"{scratch}/home")
        before = time.time()
        server.json("GET", "/health/ready")
        print(f"started in {server.started:.2f} s, first answer {1000 * (time.time() - before):.0f} ms later, {server.memory():.0f} MB")
        server.stop()


def heat_map(options, scratch):
    photos, others = data(options.data, scratch)
    for request in ({"method": "patchcore"}, {"method": "falcon", "options": {"epochs": 40, "inputSize": 128}}):
        server = Server(f"{scratch}/{request['method']}").hurry()
        before, spent = time.time(), processor()
        part = server.part(request["method"], photos)
        state = server.job(server.train(part, **request))
        status, _, content = server.inspect(part, read(others[0]))
        server.ask("GET", json.loads(content)["overlay"])
        took = time.time() - before
        server.stop()
        print(f"{request}: heat map after {took:.1f} s, {processor() - spent:.1f} s of processor, score {json.loads(content)['relative']:.2f} of the threshold, doubts {len(state['doubts'])}")


def cost(options, scratch):
    photos, others = data(options.data, scratch)
    server = Server(f"{scratch}/home", "--parallel", str(options.parallel))
    part = trained(server, options, photos)
    images = [read(other) for other in others[:20]]
    inspected(server, part, images, 50)
    latencies, added = inspected(server, part, images, options.count or 300)
    print(f"latency: {quantiles(latencies)}\nHTTP adds: {quantiles(added)}")
    server.stop()


def training(options, scratch):
    photos, others = data(options.data, scratch)
    server = Server(f"{scratch}/home", "--parallel", str(options.parallel))
    part = trained(server, options, photos)
    images = [read(other) for other in others[:20]]
    inspected(server, part, images, 50)
    other = server.part("other", photos)
    own = os.getpriority(os.PRIO_PROCESS, server.process.pid)
    # By the server's own choice, then at other priorities; in turns, because what others do on the machine changes.
    for niceness in (None, own, own + 10, own + 19):
        alone, beside, epochs = [], [], 0
        job = server.train(other, method="falcon", options={"epochs": 100000})
        while server.json("GET", f"/api/jobs/{job}")["progress"]["epoch"] == 0:
            time.sleep(0.1)
        worker = int(subprocess.check_output(["pgrep", "-P", str(server.process.pid)]).split()[0])
        if niceness is not None:
            for task in os.listdir(f"/proc/{worker}/task"):
                os.setpriority(os.PRIO_PROCESS, int(task), niceness)
        for _ in range(4):
            os.kill(worker, signal.SIGSTOP)
            alone += inspected(server, part, images, (options.count or 200) // 4)[0]
            os.kill(worker, signal.SIGCONT)
            before = server.json("GET", f"/api/jobs/{job}")["progress"]["epoch"]
            beside += inspected(server, part, images, (options.count or 200) // 4)[0]
            epochs += server.json("GET", f"/api/jobs/{job}")["progress"]["epoch"] - before
        server.json("DELETE", f"/api/jobs/{job}")
        print(f"training at {'the server’s choice' if niceness is None else f'niceness {niceness - own:+d}'}, {epochs} epochs meanwhile\n  alone:  {quantiles(alone)}\n  beside: {quantiles(beside)}", flush=True)
    server.stop()


def many(options, scratch):
    photos, others = data(options.data, scratch)
    server = Server(f"{scratch}/home", "--threads", str(options.threads))
    part = trained(server, options, photos)
    images = [read(other) for other in others]
    count, failed, memory = options.count or 10000, 0, []
    for i in range(count):
        status, _, _ = server.inspect(part, images[i % len(images)])
        failed += status != 200
        if (i + 1) % max(1, count // 10) == 0:
            memory.append(server.memory())
            print(f"{i + 1} inspections: {memory[-1]:.0f} MB, {failed} failed", flush=True)
    print(f"memory from the second tenth on: {memory[1]:.0f} to {memory[-1]:.0f} MB; remembered: {len(os.listdir(server.home + '/inspections'))}")
    server.stop()


def clients(options, scratch):
    photos, others = data(options.data, scratch)
    server = Server(f"{scratch}/home", "--parallel", str(options.parallel))
    part = trained(server, options, photos)
    images = [read(other) for other in others[:20]]

    def scores(count):
        found = []
        while len(found) < count:
            status, _, content = server.inspect(part, images[len(found) % len(images)], "?keep=false")
            if status == 429:
                time.sleep(0.05)
                continue
            assert status == 200, content
            found.append(json.loads(content)["score"])
        return found

    expected = scores(len(images))
    count = options.count or 200
    before = time.time()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for found in pool.map(scores, [count] * 8):
            assert found == [expected[i % len(images)] for i in range(count)]
    print(f"8 clients, {count} inspections each: equal bits, {8 * count / (time.time() - before):.1f} inspections/s")
    server.stop()


def slow(options, scratch):
    photos, others = data(options.data, scratch)
    server = Server(f"{scratch}/home")
    part = trained(server, options, photos)
    images = [read(other) for other in others[:20]]
    inspected(server, part, images, 50)
    print(f"alone:               {quantiles(inspected(server, part, images, 100)[0])}")
    ended, open_now = [], []

    def drip(head, pause):
        began = time.time()
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            try:
                connection.sendall(head)
                while True:
                    connection.sendall(b"x")
                    time.sleep(pause)
            except OSError:
                ended.append(time.time() - began)

    long = f"POST /api/parts/{part}/inspections HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n".encode()
    heads = [long, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", long.replace(b"inspections", b"photos")]
    for i in range(60):
        thread = threading.Thread(target=drip, args=(heads[i % 3], 0.5), daemon=True)
        thread.start()
        open_now.append(thread)
    time.sleep(1)
    refused = sum(server.inspect(part, images[0])[0] == 429 for _ in range(20))
    time.sleep(25)
    print(f"beside 60 drippers:  {quantiles(inspected(server, part, images, 100)[0])}; {refused} of 20 refused at the worst moment; {len(ended)} drippers cut off after {max(ended, default=0):.0f} s at most")
    print(f"uploads left: {os.listdir(server.home + '/uploads')}, memory {server.memory():.0f} MB")
    server.stop()


def death(options, scratch):
    photos, _ = data(options.data, scratch)
    draws = random.Random(1)
    request = {"method": "stpm", "options": {"inputSize": 64, "epochs": 60}, "teacher": "kestrel", "seed": 3}
    home = f"{scratch}/home"
    server = Server(home).hurry()
    part = server.part("undisturbed", photos)
    before = time.time()
    server.job(server.train(part, **request))
    duration = time.time() - before
    expected = server.ask("GET", f"/api/parts/{part}/model/file")[2]
    part = server.part("undisturbed", photos)
    job, kept, deaths = None, set(), 0
    for turn in range(options.count or 20):
        if job is None:
            job = server.train(part, **request)
        end = time.time() + draws.uniform(0.1, duration)
        # Photos come until the kill; what was acknowledged must be there afterwards.
        other = server.part(f"turn {turn}", [])
        stop = threading.Event()

        def upload():
            i = 0
            while not stop.is_set():
                try:
                    frame = os.urandom(640 * 480)
                    status, _, content = server.ask("POST", f"/api/parts/{other}/photos?name={i}&width=640&height=480&format=gray", frame, "application/octet-stream")
                    if status < 300:
                        kept.update((other, photo["id"]) for photo in json.loads(content)["photos"])
                    i += 1
                except (OSError, http.client.HTTPException):
                    return

        thread = threading.Thread(target=upload)
        thread.start()
        time.sleep(max(0, end - time.time()))
        server.kill()
        stop.set()
        thread.join()
        deaths += 1
        server = Server(home).hurry()
        there = {(p["id"], photo["id"]) for p in server.json("GET", "/api/parts") for photo in p["photos"]}
        assert kept <= there, kept - there
        for p, photo in draws.sample(sorted(kept), min(5, len(kept))):
            assert server.ask("GET", f"/api/parts/{p}/photos/{photo}")[0] == 200
        assert os.listdir(home + "/uploads") == []
        state = server.json("GET", f"/api/jobs/{job}")
        print(f"death {deaths}: {len(kept)} photos acknowledged, all there; training {state['state']}, begun {state['starts']} times", flush=True)
        if state["state"] == "done":
            assert server.ask("GET", f"/api/parts/{part}/model/file")[2] == expected, "another model"
            job = None
    if job is not None:
        state = server.job(job)
        assert server.ask("GET", f"/api/parts/{part}/model/file")[2] == expected, "another model"
        print(f"the last training, begun {state['starts']} times, made the same file to the byte as one that nothing disturbed")
    server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["start", "heat-map", "cost", "training", "many", "clients", "slow", "death"])
    parser.add_argument("--data")
    parser.add_argument("--count", type=int)
    parser.add_argument("--parallel", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--method", default="patchcore")
    parser.add_argument("--options", default="{}")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="falcon-bench-") as folder:
        globals()[given.what.replace("-", "_")](given, folder)
