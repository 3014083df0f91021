// The part of `kkm doctor` that asks whether a contract can be served.
import { listUnanswered } from '../../../soap/binding/bound-operation.ts';
import { loadContractFolder } from '../../../soap/load-contract-folder.ts';
import { fail, ok, type Finding } from './finding.ts';

export function checkContract(folder: string): Finding {
  try {
    const { contract, binding } = loadContractFolder(folder);
    const bound = binding.size - listUnanswered(binding).length;
    return ok(
      'contract',
      `${contract.serviceName}, ${contract.operations.length} operations, ${bound} bound (${folder})`,
    );
  } catch (reason) {
    return fail('contract', (reason as Error).message, 'correct the folder that KKM_CONTRACT or KKM_CONTRACTS names');
  }
}
