// A contract from its folder: the WSDL, and the binding to operations.
import type { Binding } from './binding/bound-operation.ts';
import { loadBinding } from './binding/load-binding.ts';
import { loadContract, type Contract } from './contract/contract.ts';

export interface LoadedContract {
  readonly contract: Contract;
  readonly binding: Binding;
}

/** @throws with the file and the place, if it cannot be used. */
export function loadContractFolder(folder: string): LoadedContract {
  const contract = loadContract(folder);
  return { contract, binding: loadBinding(folder, contract.model) };
}
