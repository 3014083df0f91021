// Why an infobase takes no files of the exchange folder, in words for the operator.
import { resultCodes, type ResultCode } from '../../ledger/result.ts';

export function explainExchangeGate(code: ResultCode): string {
  if (code === resultCodes.exclusiveMode) return 'exclusive mode is on; the files stay where they are';
  if (code === resultCodes.noSubscription) return 'there is no extended subscription; the files stay where they are';
  return `refused with code ${code}; the files stay where they are`;
}
