#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network fails while people are taken off a list, or put back on it: nobody is lost, and nobody who opted out comes back.

test-network-leavers.py RELAIS [SECONDS [LANE…]]: how long a fault lasts; 0 for what the suite has time for

Each fault begins when the account has carried out a certain request and its answer is about to leave. So it is known what
was done and what was not, and what was not heard of. Meanwhile somebody opts out, by another way.
"""
import collections
import json
import queue
import re
import time

from lane import SECONDS, SILENCE, Lane, address, run_lanes

PAGE, LEAVERS = 100, 20
LIST = 1
ACTIVE, UNSUBSCRIBED = "1", "2"
GIVEN_UP = re.compile("The connection to ActiveCampaign broke before it answered|The host cannot be reached at the moment")


class Fault:
    """How the network fails, until it is mended."""

    def __init__(self, begin, mend=lambda network: None, sentences=(SILENCE,)):
        self.begin, self.mend, self.sentences = begin, mend, sentences


CUT = Fault(lambda network: network.pull_cable(), lambda network: network.plug_cable())
SILENT = Fault(lambda network: network.swallow(), lambda network: network.deliver())
LOST = Fault(lambda network: network.forget_connections(), sentences=(SILENCE, GIVEN_UP))


class Moment:
    """When it fails: after a request of this kind, of which the answer tells of @person if one is named. Where the answer
    arrives it is the next request that does not."""

    def __init__(self, method, path, person=None, answer_arrives=False, meanwhile=None):
        self.method, self.path, self.answer_arrives, self.meanwhile = method, re.compile(path), answer_arrives, meanwhile
        self.person = address(person) if person is not None else None

    def is_it(self, method, path, text):
        return method == self.method and self.path.search(path) and (self.person is None or f'"{self.person}"' in text.decode())


class Journey:
    """Some people stay, others leave and come back. Faults come at the moments that a run is given, one after the other."""

    def __init__(self, relais, protocols):
        self.lane = Lane(relais, protocols, leavers="remove", leavers_brake={"share": 100})
        # Those who leave are on a page of the list that they share with nobody.
        n_staying = 2 * PAGE + -len(self.lane.before) % PAGE
        self.staying, self.leaving = range(n_staying), range(n_staying, n_staying + LEAVERS)
        self.moments, self.met = collections.deque(), queue.Queue()
        self.opted_out, self.rejoined, self.for_good = set(), set(), set()
        self.lane.watcher.answering = self._answering

    def _answering(self, method, path, body, text):
        if self.moments and self.moments[0].is_it(method, path, text):
            moment, network = self.moments.popleft(), self.lane.network
            if moment.answer_arrives:
                network.swallow_requests()
            else:
                self.fault.begin(network)
            self.met.put((moment, self.lane.watcher.count(), time.monotonic()))

    def run(self, numbers, fault=None, moments=()):
        """Returns: the result of a run with these people that meets @fault at each of @moments"""
        self.lane.write(numbers)
        self.fault = fault
        self.moments.extend(moments)
        self.lane.start()
        for _ in moments:
            self._meet()
        result = self.lane.end()
        assert not self.moments, result
        assert result["rows"]["read"] == len(numbers) and result["rows"]["not_sent"] == 0, result
        return result

    def _meet(self):
        lane, network = self.lane, self.lane.network
        lane.wait_for(lambda: not self.met.empty())
        moment, n_imports, began = self.met.get()
        if moment.answer_arrives:
            time.sleep(1)             # the next request has left
            self.fault.begin(network)
            network.deliver_requests()
        if moment.meanwhile is not None:
            time.sleep(4.5)           # the account is done with it, and tells moments by the second
            moment.meanwhile(self)
        for sentence in self.fault.sentences:
            lane.wait_for(lambda sentence=sentence: lane.shown.first(sentence, began), 90)
        lane.wait_for(lambda: time.monotonic() >= began + SECONDS, SECONDS + 300)
        assert self.fault is LOST or lane.watcher.count() == n_imports, "an import went through a network that is down"
        self.fault.mend(network)
        lane.wait_for(lambda: lane.process.poll() is not None or not self.met.empty() or not SILENCE.search(lane.shown.lines[-1][1]), 90)
        print(f"# {moment.method} {moment.path.pattern}: went on {time.monotonic() - began:.0f} s after it began")

    # What people do meanwhile

    def opt_out(self, n, reason=None):
        self.lane.ask_account("/practice/leave", {"email": address(n), "list": str(LIST), **({"reason": reason} if reason else {})})
        self.opted_out.add(address(n))

    def rejoin(self, n):
        contact, = self.lane.ask_account(f"/api/3/contacts?email={address(n)}")["contacts"]
        self.lane.ask_account("/api/3/contactLists", {"contactList": {"list": LIST, "contact": contact["id"], "status": 1}})
        self.rejoined.add(address(n))

    # What is so in the end

    def count_removals(self):
        """How often each person stood in an import that takes them off, since this was asked before"""
        bodies = [json.loads(body)["contacts"] for _, body in self.lane.watcher.take()]
        return collections.Counter(person["email"] for people in bodies for person in people if person.get("unsubscribe"))

    def check_there(self, numbers):
        """Exactly these are on the list of those whom this journey put there."""
        there = self.lane.people(ACTIVE) - self.lane.before
        assert not there & self.opted_out, f"{sorted(there & self.opted_out)} opted out, and are on the list"
        wanted = {address(n) for n in numbers} - self.opted_out
        assert there == wanted, (sorted(there - wanted), sorted(wanted - there))

    def begin(self):
        """Puts them on the list: those who leave with the last import, so that they are together there."""
        self.run(self.staying)
        everybody = [*self.staying, *self.leaving]
        assert self.run(everybody)["rows"]["delivered"] == LEAVERS
        self.check_there(everybody)
        assert not self.count_removals()

    def take_off(self, fault=None, moments=(), n_told_as_left=0):
        """@n_told_as_left: how many of those who left have opted out before they were seen, at most"""
        # What an import did is told from what people do at the same time only when it takes its time.
        self.lane.ask_account("/practice/faults", {"import-delay": "3s"})
        result = self.run(self.staying, fault, moments)
        self.lane.ask_account("/practice/faults", {"import-delay": "500"})
        leavers = result["leavers"]
        # Whoever opted out while the list was gone through may not be shown yet.
        assert leavers["departed"] == LEAVERS == leavers["taken_off"] + leavers["already_off"] + leavers["in_doubt"], result
        assert LEAVERS - n_told_as_left <= leavers["taken_off"] and leavers["in_doubt"] <= n_told_as_left, result
        assert result["status"] == ("completed-with-errors" if leavers["in_doubt"] else "successful"), result
        assert result["rows"]["unchanged"] == len(self.staying), result
        self.check_there(self.staying)
        left = {address(n) for n in self.leaving}
        assert left <= self.lane.people(UNSUBSCRIBED)
        times = self.count_removals()
        assert set(times) <= left and left - set(times) <= self.opted_out, times
        # Whoever was on the list in between and was taken off once more is told; so is everybody when it is not known when it was done.
        self.for_good = {person["email"] for person in self.lane.report()["left"] if person["code"] == "taken-off-for-good"}
        assert len(self.rejoined) == sum(times[person] > 1 for person in self.rejoined), times
        assert self.rejoined <= self.for_good, self.for_good
        assert fault is not None or not self.for_good, result
        print(f"# {leavers['taken_off']} taken off, {sum(n > 1 for n in times.values())} of them were in two imports; {result['message']}")

    def come_back(self, fault=None, moments=()):
        everybody = [*self.staying, *self.leaving]
        result = self.run(everybody, fault, moments)
        away = self.opted_out | self.for_good
        back = [n for n in everybody if address(n) not in away]
        # Whoever opts out after it was heard that they are on the list again is refused by the service.
        assert result["rows"]["unchanged"] == len(self.staying) and result["rows"]["delivered"] == LEAVERS - len(away), result
        assert result["rows"]["barred"] + result["rows"]["refused"] == len(away) and result["rows"]["refused"] <= 1, result
        assert result["leavers"]["put_back"] == LEAVERS - result["rows"]["barred"], result
        self.check_there(back)
        print(f"# {result['leavers']['put_back']} put back, {len(away)} stay away")
        self.lane.shown.print_sentences()
        # And it stays so.
        rows = self.run(everybody)["rows"]
        assert rows["unchanged"] == len(everybody) - len(away) and rows["barred"] == len(away), rows
        self.check_there(back)


# Taking people off

WALK = r"/contacts\?listid=1&status=1&.*id_greater="


def walk(journey):
    """The answer with the second page of the list is lost. Whoever opts out then is not found there."""
    return Moment("GET", WALK + "[1-9]", journey.staying[150], meanwhile=lambda journey: journey.opt_out(journey.leaving[0]))


def removal(journey):
    """The import does not arrive. Whoever opts out before it does is in it, and has opted out."""
    return Moment("GET", WALK, journey.leaving[-1], True, meanwhile=lambda journey: journey.opt_out(journey.leaving[1], "Too many"))


def removal_answer(journey):
    """The import arrived, and that is not known."""
    return Moment("POST", "/import/bulk_import$", meanwhile=lambda journey: journey.opt_out(journey.leaving[2], "Too many"))


def removal_answer_of_rejoining(journey):
    """As above, and somebody joins the list again before the import is sent once more."""
    return Moment("POST", "/import/bulk_import$", meanwhile=lambda journey: journey.rejoin(journey.leaving[3]))


def look(journey):
    """Who is off the list was told, and that is not known. Whoever opts out then is told too late, or is not."""
    return Moment("GET", r"/contacts\?listid=1&status=2&", journey.leaving[-1],
                  meanwhile=lambda journey: journey.opt_out(journey.leaving[4], "Too many"))


def take_off(*moments, n_told_as_left=0):
    def attempt(journey, fault):
        journey.begin()
        journey.take_off(fault, [moment(journey) for moment in moments], n_told_as_left)
        journey.come_back()
    return attempt


# Putting people back

def find(journey, nth):
    return Moment("GET", r"/contacts\?email=", journey.leaving[nth])


def look_up(journey):
    """How somebody is on the list was told, and they opt out before that is heard."""
    moment = find(journey, 5)
    moment.meanwhile = lambda journey: journey.opt_out(journey.leaving[5])
    return moment


def returning(journey):
    """The request that puts somebody back does not arrive."""
    moment = find(journey, 12)
    moment.answer_arrives = True
    return moment


def returning_answer(journey):
    """It did, and that is not known."""
    return Moment("POST", "/contactLists$")


def returning_answer_of_leaving(journey):
    """As above, and whoever was put back so opts out."""
    def meanwhile(journey):
        there = journey.lane.people(ACTIVE)
        journey.opt_out(next(n for n in reversed(journey.leaving) if address(n) in there))
    return Moment("POST", "/contactLists$", meanwhile=meanwhile)


def come_back(*moments):
    def attempt(journey, fault):
        journey.begin()
        journey.take_off()
        journey.come_back(fault, [moment(journey) for moment in moments])
    return attempt


OFF, BACK = (walk, removal, removal_answer, look), (look_up, returning_answer, returning_answer_of_leaving, returning)
LANES = {
    "a link that is cut while people are taken off": (take_off(*OFF, n_told_as_left=3), CUT, "h2,http/1.1"),
    "silence while people are taken off": (take_off(*OFF, n_told_as_left=3), SILENT, "http/1.1"),
    "a walk through the list that is lost": (take_off(walk, n_told_as_left=1), LOST, "h2,http/1.1"),
    "an import that takes people off and is lost": (take_off(removal, n_told_as_left=1), LOST, "http/1.1"),
    "its answer that is lost": (take_off(removal_answer, n_told_as_left=1), LOST, "h2,http/1.1"),
    "its answer that is lost while somebody joins again": (take_off(removal_answer_of_rejoining), LOST, "http/1.1"),
    "a look afterwards that is lost": (take_off(look, n_told_as_left=1), LOST, "h2,http/1.1"),
    "a link that is cut while people are put back": (come_back(*BACK), CUT, "h2,http/1.1"),
    "silence while people are put back": (come_back(*BACK), SILENT, "http/1.1"),
    "a look before somebody is put back that is lost": (come_back(look_up), LOST, "h2,http/1.1"),
    "a request to put somebody back that is lost": (come_back(returning), LOST, "h2,http/1.1"),
    "its answer that is lost while somebody opts out": (come_back(returning_answer_of_leaving), LOST, "h2,http/1.1"),
    "its answer alone that is lost": (come_back(returning_answer), LOST, "http/1.1"),
}


def run_fault(name, relais):
    attempt, fault, protocols = LANES[name]
    journey = Journey(relais, protocols)
    try:
        attempt(journey, fault)
    finally:
        journey.lane.close()


run_lanes(__file__, "a run outlasts", LANES, run_fault)
