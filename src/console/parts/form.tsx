// Forms: every field has its label, its hint and, where it could not be taken, what to do about it.
import type { ComponentChildren, JSX } from 'preact';

/** What is wrong with the fields of a form that was sent: by the field's name. */
export type FieldMistakes = Readonly<Record<string, string>>;

interface FieldShape {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly mistakes?: FieldMistakes | undefined;
}

interface InputProps extends FieldShape {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'search' | 'password' | 'date' | 'datetime-local' | 'number' | 'file';
  readonly isRequired?: boolean;
  readonly autocomplete?: string;
  /** "numeric" brings a phone's keys for numbers. */
  readonly inputMode?: 'numeric' | 'decimal';
  readonly step?: string;
  readonly accept?: string;
  readonly size?: number;
}

export function InputField({ name, label, hint, mistakes, isRequired, type = 'text', ...input }: InputProps) {
  // Preact has a type of its own for each value of `type`; here it is chosen by the page.
  const attributes = {
    id: `f-${name}`,
    name,
    type,
    required: isRequired,
    'aria-describedby': describe(name, hint, mistakes),
    'aria-invalid': mistakes?.[name] === undefined ? undefined : 'true',
    ...input,
  } as JSX.IntrinsicElements['input'];
  return (
    <Field {...{ name, label, hint, mistakes }}>
      <input {...attributes} />
    </Field>
  );
}

export interface Choice {
  readonly value: string;
  readonly title: string;
}

interface SelectProps extends FieldShape {
  readonly value?: string | undefined;
  readonly choices: readonly Choice[];
}

export function SelectField({ name, label, hint, mistakes, value, choices }: SelectProps) {
  return (
    <Field {...{ name, label, hint, mistakes }}>
      <select
        id={`f-${name}`}
        name={name}
        aria-describedby={describe(name, hint, mistakes)}
        aria-invalid={mistakes?.[name] === undefined ? undefined : 'true'}
      >
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.title}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface TextAreaProps extends FieldShape {
  readonly value?: string | undefined;
  readonly rows?: number;
}

export function TextAreaField({ name, label, hint, mistakes, value = '', rows = 4 }: TextAreaProps) {
  return (
    <Field {...{ name, label, hint, mistakes }}>
      <textarea
        id={`f-${name}`}
        name={name}
        rows={rows}
        aria-describedby={describe(name, hint, mistakes)}
        aria-invalid={mistakes?.[name] === undefined ? undefined : 'true'}
      >
        {value}
      </textarea>
    </Field>
  );
}

interface CheckProps extends FieldShape {
  readonly isChecked?: boolean;
  readonly value?: string;
}

export function CheckField({ name, label, hint, mistakes, isChecked = false, value = 'yes' }: CheckProps) {
  return (
    <div class="field check">
      <input
        id={`f-${name}`}
        name={name}
        type="checkbox"
        value={value}
        checked={isChecked}
        aria-describedby={describe(name, hint, mistakes)}
      />
      <label for={`f-${name}`}>{label}</label>
      <Remarks {...{ name, hint, mistakes }} />
    </div>
  );
}

interface FieldProps extends FieldShape {
  readonly children: ComponentChildren;
}

function Field({ name, label, hint, mistakes, children }: FieldProps) {
  return (
    <div class="field">
      <label for={`f-${name}`}>{label}</label>
      {children}
      <Remarks {...{ name, hint, mistakes }} />
    </div>
  );
}

function Remarks({ name, hint, mistakes }: Omit<FieldShape, 'label'>) {
  const mistake = mistakes?.[name];
  return (
    <>
      {hint !== undefined && (
        <p class="hint" id={`h-${name}`}>
          {hint}
        </p>
      )}
      {mistake !== undefined && (
        <p class="mistake" id={`m-${name}`}>
          {mistake}
        </p>
      )}
    </>
  );
}

function describe(name: string, hint: ComponentChildren, mistakes: FieldMistakes | undefined): string | undefined {
  const ids = [hint === undefined ? '' : `h-${name}`, mistakes?.[name] === undefined ? '' : `m-${name}`];
  return ids.filter((id) => id !== '').join(' ') || undefined;
}

interface FormProps {
  /** Where it is sent, under the service's address. */
  readonly action: string;
  readonly token: string;
  readonly children: ComponentChildren;
  readonly hasFile?: boolean;
  readonly class?: string;
}

/** A form that changes something. */
export function PostForm({ action, token, children, hasFile, class: name = 'form' }: FormProps) {
  return (
    <form method="post" action={action} class={name} encType={hasFile === true ? 'multipart/form-data' : undefined}>
      <input type="hidden" name="_token" value={token} />
      {children}
    </form>
  );
}

/** What is wrong with a form as a whole. */
export function FormProblem({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p class="notice problem" role="alert">
      {text}
    </p>
  );
}
