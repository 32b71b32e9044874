import * as v from 'valibot';

/** A member of the wrong form is refused with these words: what it must be. */
const text = (form: string) => v.pipe(v.string(form), v.nonEmpty(form));
const texts = (form: string) => v.array(v.string(form), form);
const yesOrNo = v.optional(v.boolean('true or false'));

const selectorForm =
  'a list such as [{ "language": "yaml", "pattern": "**/*.yml" }], each with a language, a pattern or a scheme';

const selector = v.pipe(
  v.strictObject(
    {
      language: v.optional(text(selectorForm)),
      pattern: v.optional(text(selectorForm)),
      scheme: v.optional(text(selectorForm)),
    },
    selectorForm,
  ),
  v.check(parts => Object.keys(parts).length > 0, selectorForm),
);

/** The members of one entry of `greenroom.languageServers`, as a user writes them. */
export const entryMembers = v.object({
  name: text('a name, such as "yaml-language-server"'),
  enable: yesOrNo,
  command: v.optional(v.string('the path or name of a program')),
  module: v.optional(v.string('the path of a Node module or the name of a package')),
  pythonModule: v.optional(v.string('the name of a Python module')),
  args: v.optional(texts('a list of texts such as ["--stdio"]')),
  languages: v.optional(texts('a list of language identifiers such as ["yaml"]')),
  selectors: v.optional(v.array(selector, selectorForm)),
  shareKey: v.optional(text('a text')),
  initializationOptions: v.optional(v.unknown()),
  settingsSection: v.optional(text('the name of a section of settings, such as "yaml"')),
  workspaceScoped: yesOrNo,
  childProcesses: yesOrNo,
  network: v.optional(v.literal('never', '"never": no session has the network')),
  trace: v.optional(v.picklist(['off', 'messages', 'verbose'], '"off", "messages" or "verbose"')),
});

export type EntryMembers = v.InferOutput<typeof entryMembers>;

export const memberNames: ReadonlySet<string> = new Set(Object.keys(entryMembers.entries));
