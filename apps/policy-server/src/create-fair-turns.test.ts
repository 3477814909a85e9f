import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createFairTurns } from "./create-fair-turns.ts";

/** Turns whose rounds begin when `runRound` is called, and where each piece of work lasts a millisecond. */
function create() {
  const rounds: (() => void)[] = [];
  let nowMs = 0;
  const turns = createFairTurns({ steadyMs: () => nowMs, later: (round) => rounds.push(round) });
  const done: string[] = [];
  function ask(address: string, count = 1) {
    const sockets = Array.from({ length: count }, () => new EventEmitter());
    for (const socket of sockets)
      turns.take(socket, address, () => {
        nowMs += 1;
        done.push(address);
      });
    return sockets;
  }
  return {
    ...turns,
    done,
    ask,
    runRound: () => rounds.shift()?.(),
    roundsPlanned: () => rounds.length,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("a handshake on an idle server starts immediately", () => {
  const { ask, done, pass, roundsPlanned } = create();
  ask("192.0.2.1");
  pass(2);
  ask("192.0.2.1");
  expect(done).toHaveLength(2);
  expect(roundsPlanned()).toBe(0);
});

test("behind 1,000 handshakes of one network, another network waits for one of them, however its address is written", () => {
  const { ask, done, runRound, waiting } = create();
  ask("2001:db8::a", 501);
  ask("2001:db8:0:0:1::b", 500);
  ask("192.0.2.1");
  ask("::ffff:198.51.100.1");
  done.length = 0;
  runRound();
  expect(done).toEqual(["2001:db8::a", "192.0.2.1", "::ffff:198.51.100.1", "2001:db8::a"]);
  expect(waiting()).toBe(998);
});

test("a round of handshakes and a round of accepting each end after 4 ms", () => {
  const { accepted, ask, done, pass, runRound } = create();
  ask("192.0.2.1", 101);
  runRound();
  expect(done).toHaveLength(5);
  for (const passedMs of [1, 2]) {
    accepted();
    pass(passedMs);
    runRound();
    expect(done).toHaveLength(5);
  }
  accepted();
  pass(1);
  runRound();
  expect(done).toHaveLength(9);
  // Without new connections nothing delays the handshakes.
  runRound();
  expect(done).toHaveLength(13);
});

test("all waiting work runs, once each, and leaves nothing behind", () => {
  const { ask, done, runRound, roundsPlanned, waiting } = create();
  const sockets = Array.from({ length: 50 }, (_, index) => ask(`192.0.2.${index}`, 3)).flat();
  while (roundsPlanned() > 0) runRound();
  expect(done).toHaveLength(150);
  for (const socket of sockets) socket.emit("close");
  expect(waiting()).toBe(0);
  expect(sockets.map((socket) => socket.listenerCount("close"))).toEqual(sockets.map(() => 0));
});

test("a closed socket leaves its queue, and a network without sockets has no turn", () => {
  const { ask, done, runRound, roundsPlanned, waiting } = create();
  ask("203.0.113.1");
  const [first, ...others] = ask("192.0.2.1", 3);
  ask("198.51.100.1");
  first?.emit("close");
  expect(waiting()).toBe(3);
  for (const socket of others) socket.emit("close");
  expect(waiting()).toBe(1);
  while (roundsPlanned() > 0) runRound();
  expect(done).toEqual(["203.0.113.1", "198.51.100.1"]);
});
