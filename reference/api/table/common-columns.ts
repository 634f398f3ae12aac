import { type Column, column } from './column.ts';
import { ageOf } from './human-duration.ts';

export const name: Column = {
  ...column('Name', 'Unique within its namespace and kind.', ({ metadata }) => metadata.name),
  format: 'name',
};

export const age: Column = column('Age', 'The time since it was created.', ({ metadata }, now) =>
  ageOf(metadata.creationTimestamp, now),
);
