#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much may be asked: test-limits.py RELAIS

The windows are real time, so these count what came through in a time that is measured.
"""
import time

from account import account, equal, main

PAIR = [{"email": "a@example.com"}, {"email": "b@example.com"}]
TEXT = "Up to {} imports may be requested per minute.Please batch contacts into larger requests, or retry this request in a minute."


def test_five_a_second(binary):
    with account(binary, "--own-limits") as there:
        start = time.monotonic()
        answers = [there.get("users/me") for _ in range(40)]
        passed = time.monotonic() - start
        good = [answer for answer in answers if answer.status == 200]
        bad = [answer for answer in answers if answer.status == 429]
        equal(len(good) + len(bad), 40)
        assert 5 <= len(good) <= 5 * (int(passed) + 1), (len(good), passed)
        left = [int(answer.headers["RateLimit-Remaining"]) for answer in good]
        equal(left[0], 4)
        assert all(0 <= now < 5 and now >= before - 1 for before, now in zip(left, left[1:])), left
        for answer in bad:
            equal((answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"][0] in "01234", answer.headers["Retry-After"]), ("5", True, "1"))
            equal((answer.body, answer.type), (b"", None), "the body is not documented: there is none")
        equal(there.state()["throttled"], len(bad))


def test_who_is_refused_is_not_counted(binary):
    with account(binary, "--own-limits") as there:
        for _ in range(20):
            equal(there.ask("GET", "users/me", key="f" * 64).status, 403)
        equal(there.get("users/me").headers["RateLimit-Remaining"], "4")


def test_imports(binary):
    with account(binary, "--own-limits") as there:
        equal([there.submit(PAIR).status for _ in range(100)], [200] * 100)
        answer = there.submit(PAIR)
        equal((answer.status, answer.json), (400, {"success": 0, "message": "Rate limit exceeded.", "failureReasons": [TEXT.format(100)]}))
        equal([there.submit(PAIR[:1]).status for _ in range(21)], [200] * 20 + [400], "single contacts are counted apart")
        equal(there.submit(PAIR[:1]).json["failureReasons"], [TEXT.format(20)])
        equal(there.get("users/me").status, 200, "imports are not counted among the requests of a second")
        there.switch(imports_429=True)
        answer = there.submit(PAIR)
        equal(answer.status, 429)
        assert 1 < int(answer.headers["Retry-After"]) <= 60, "until the first one leaves the window"
        equal(there.state()["bulk_requests"], 120)


def test_imports_that_count(binary):
    with account(binary, "--own-limits", "--fault", "imports-count") as there:
        start = time.monotonic()
        answers = [there.submit(PAIR).status for _ in range(30)]
        passed = time.monotonic() - start
        assert 5 <= answers.count(200) <= 5 * (int(passed) + 1), (answers, passed)
        equal(set(answers) - {200, 429}, set())


def test_limits_in_proportion(binary):
    with account(binary, "--limits", "10/1000") as there:
        equal([there.submit(PAIR).status for _ in range(12)], [200] * 10 + [400] * 2)
        equal([there.submit(PAIR[:1]).status for _ in range(3)], [200] * 2 + [400])
    with account(binary, "--limits", "6000/60") as there:
        equal(there.get("users/me").headers["RateLimit-Limit"], "300")
    with account(binary) as there:
        equal([there.get("users/me").status for _ in range(50)], [200] * 50)
        assert "RateLimit-Limit" not in there.get("users/me").headers, "no limit is told where there is none"


def test_headers_of_old(binary):
    with account(binary, "--own-limits", "--fault", "no-rate-headers", "--fault", "retry-after=30", "--fault", "throttle-429=2") as there:
        answers = [there.get("users/me") for _ in range(4)]
        for answer in answers:
            assert "RateLimit-Limit" not in answer.headers and "RateLimit-Remaining" not in answer.headers
        equal({answer.headers["Retry-After"] for answer in answers if answer.status == 429}, {"30"})


main([
    ("five requests a second", test_five_a_second),
    ("a request with a wrong key is not counted", test_who_is_refused_is_not_counted),
    ("100 imports a minute, 20 of a single contact", test_imports),
    ("imports that count among the requests of a second", test_imports_that_count),
    ("other limits in proportion, and none", test_limits_in_proportion),
    ("answers that tell no limit, and another wait", test_headers_of_old),
])
