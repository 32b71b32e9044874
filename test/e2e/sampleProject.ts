import fs from 'node:fs';
import path from 'node:path';
import { Project } from '../support/project.ts';

const sample = path.resolve(import.meta.dirname, '../fixtures/sample-project');

/** A copy of the sample project, with what the test adds. */
export function sampleProject(files: Readonly<Record<string, string>> = {}): Project {
  const project = new Project();
  fs.cpSync(sample, project.root, { recursive: true });
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  return project;
}

/** What the editor has saved; undefined until the file holds something else than `before`. */
export function changedText(project: Project, name: string, before: string): string | undefined {
  const text = fs.readFileSync(project.path(name), 'utf8');
  return text === before ? undefined : text;
}
