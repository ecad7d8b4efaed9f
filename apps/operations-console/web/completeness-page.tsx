import { Alert } from 'antd';
import type { AskedProofs, ProofState, Proofs } from '../src/contract.ts';
import { completenessAddress, Link, useAddress } from './address.tsx';
import { usePolled } from './back-end.ts';
import { ExportTable } from './export-table.tsx';
import { CompletenessDataset, Kinds } from './completeness-dataset.tsx';
import { Rebuilds } from './rebuilds.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { words, type Word } from './words.ts';

/** Are the facts what their sources hold? All datasets, or one of them bucket by bucket; the address says which. */
export function CompletenessPage() {
  const { say, sentence } = useSurroundings();
  const { query } = useAddress();
  const [dataset, database] = [query.get('dataset'), query.get('database')];
  const { answer, problem, again } = usePolled<Proofs>(dataset ? `/v1/proofs/${dataset}` : '/v1/proofs', 3_000);
  const work = usePolled<AskedProofs>('/v1/proof-requests', 2_000);
  const asked = (): void => {
    again();
    work.again();
  };
  const one = dataset && answer?.proofs.find((proof) => proof.database === database);
  return (
    <>
      {problem && <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />}
      {!answer && !problem && <p role="status">{say('finding')}</p>}
      {one && <CompletenessDataset key={`${one.database}/${one.dataset}`} proof={one} asked={asked} />}
      {answer && !dataset && <ProofTable proofs={answer.proofs} />}
      {!dataset && <Rebuilds />}
      <ProofWork requests={work.answer?.requests ?? []} />
    </>
  );
}

const columns = [
  'dataset',
  'verdict',
  'equalAsOf',
  'stated',
  'held',
  'differing',
  'differences',
  'service',
  'department',
] as const;
const numeric: ReadonlySet<string> = new Set(['stated', 'held', 'differing']);

function ProofTable({ proofs }: { proofs: readonly ProofState[] }) {
  const { say } = useSurroundings();
  const order = ['differs', 'unproven', 'equal'];
  const rows = proofs.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return (
    <TableSection title={say('proofs')} heads={columns} numbers={numeric} intro={<ExportTable name="completeness" />}>
      {rows.map((proof) => (
        <ProofRow key={`${proof.database}/${proof.dataset}`} proof={proof} />
      ))}
    </TableSection>
  );
}

function ProofRow({ proof }: { proof: ProofState }) {
  const { say, dataset, department, count } = useSurroundings();
  const { database, verdict, equalAsOf, stated, held, differing, buckets } = proof;
  const isKnown = verdict !== 'unproven';
  return (
    <tr>
      <th scope="row" title={proof.dataset}>
        <Link href={completenessAddress({ dataset: proof.dataset, database })}>{dataset(proof.dataset)}</Link>
      </th>
      <td>
        <span className={`verdict verdict-${verdict}`}>{say(`proof.${verdict}`)}</span>
      </td>
      <td>
        <Time at={equalAsOf} />
      </td>
      <td className="number">{count(isKnown ? stated : null)}</td>
      <td className="number">{count(isKnown ? held : null)}</td>
      <td className="number">{isKnown ? `${count(differing)} / ${count(buckets)}` : say('unknown')}</td>
      <td>
        <Kinds records={proof.differences} />
      </td>
      <td>{database}-sync</td>
      <td>{department(proof.department)}</td>
    </tr>
  );
}

/** What was asked for, and how far it is; it goes on when the page is left. */
function ProofWork({ requests }: AskedProofs) {
  const { say, dataset, count } = useSurroundings();
  return (
    <TableSection
      title={say('proofWork')}
      heads={['action', 'dataset', 'service', 'asked', 'outcome', 'repaired', 'reason']}
      empty={say('noWork')}
    >
      {requests.map((request) => (
        <tr key={`${request.database}/${request.id}`}>
          <th scope="row">{say(request.repair ? 'repair' : 'proveNow')}</th>
          <td>{dataset(request.dataset)}</td>
          <td>{request.database}-sync</td>
          <td>
            {request.by}
            <br />
            <span className="hint">
              <Time at={request.at} />
            </span>
          </td>
          <td>
            {request.outcome === null
              ? say('underWay')
              : `proof.${request.outcome}` in words
                ? say(`proof.${request.outcome}` as Word)
                : request.outcome}
          </td>
          <td>
            {count(request.repaired)} / {count(request.repair ? request.atMost : 0)}
          </td>
          <td className="reason">{request.reason ?? '–'}</td>
        </tr>
      ))}
    </TableSection>
  );
}
