import { createServer } from "node:net";
import { answerChallenge } from "./answer-challenge.ts";
import { createConnectionKeeper } from "./create-connection-keeper.ts";
import { serveConnection } from "./serve-connection.ts";
import { boundPort, type Listener } from "./start-policy-listener.ts";

type Options = {
  port: number;
  bindAddress: string;
  keyAuthorizationOf(token: string): string | undefined;
  onAnswer(status: number): void;
  maxConnections: number;
};

/** Serves http-01 challenges over plain HTTP and nothing else. RFC 8555 §8.3 */
export async function startChallengeListener(options: Options): Promise<Listener> {
  const keeper = createConnectionKeeper(options);
  const server = createServer({ noDelay: true }, (socket) => {
    keeper.count(socket);
    const connection = { socket, deadlineAtMs: 0 };
    serveConnection(connection, (request) => {
      const answer = answerChallenge(request, options.keyAuthorizationOf);
      options.onAnswer(answer.status);
      return answer;
    });
    keeper.watch(connection);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.bindAddress }, resolve);
  });
  return {
    port: boundPort(server.address()),
    openConnections: keeper.open,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        keeper.stop();
      }),
  };
}
