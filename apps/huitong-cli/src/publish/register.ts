import { join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import { Answers, DepartmentRegister } from '@huitong/department-register';
import type { GatewayClient } from './gateway-client.ts';
import type { Plan } from './plan.ts';

/** What `huitong publish` ever sent from this installation: `<home>/registers/publish.sqlite`. */
export const openRegister = (home: string): DepartmentRegister =>
  new DepartmentRegister(join(home, 'registers', 'publish.sqlite'), 'publish');

/** Answers from the register, for the one dataset that the client is of. */
export const answersThrough = (client: GatewayClient, register: DepartmentRegister): Answers =>
  new Answers(register, {
    events: async (_dataset, events) => void (await client.send(events.map((event) => JSON.stringify(event)))),
    checkpoint: (_dataset, body) => client.state('checkpoints', body),
    inventory: (_dataset, body) => client.state('inventories', body),
  });

/**
 * States after a run what this adapter has published of the dataset, by all files so far, and answers what is asked of it. The
 * rows are taken in whatever becomes of this, so a failure is only said.
 */
export async function stateRegister(parts: {
  client: GatewayClient;
  register: DepartmentRegister;
  plan: Pick<Plan, 'dataset' | 'queryUrl'>;
  say: (line: string) => void;
}): Promise<void> {
  const { client, register, plan, say } = parts;
  const answers = answersThrough(client, register);
  try {
    if (plan.queryUrl) await answers.give(answers.open((await client.requests(plan.queryUrl)) ?? []));
    await answers.checkpoint(plan.dataset);
  } catch (error) {
    if (!(error instanceof HuitongError)) throw error;
    say(
      `! 未能送出核对点（${error.code}），下次发送时再送 / the checkpoint could not be sent (${error.code}); the next run sends it`,
    );
  }
}
