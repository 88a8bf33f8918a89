import {
  ConflictError,
  type DomainError,
  InUseError,
  InvalidStateError,
  type Issue,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { builder } from './builder.ts';
import { codeOf } from './errorCodes.ts';
import { globalId } from './ids.ts';

const ErrorCode = builder.enumType('ErrorCode', {
  description: 'What kind of error this is, for programs.',
  values: {
    VALIDATION: { description: 'The input breaks rules; see `issues`.' },
    NOT_FOUND: { description: 'The named thing does not exist.' },
    CONFLICT: { description: 'Something else already has this name.' },
    INVALID_STATE: { description: 'The thing is in a state in which this cannot be done.' },
    IN_USE: { description: 'Others refer to the thing, so it cannot go.' },
    UNAVAILABLE: { description: 'Something outside the request is missing; see `remedy`.' },
  } as const,
});

const ErrorInterface = builder.interfaceRef<DomainError>('Error').implement({
  description: 'An expected error: part of the answer, not of `errors`.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'A sentence a person can read, with the remedy.',
    }),
    code: t.field({
      type: ErrorCode,
      description: 'The kind, for programs.',
      resolve: codeOf,
    }),
  }),
});

export const ValidationIssue = builder.objectRef<Issue>('ValidationIssue').implement({
  description: 'One violated rule of an input.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Where, from the input inwards: `["hyperparameters", "batchSize"]`.',
    }),
    code: t.exposeString('code', { description: 'Stable name of the rule: `TOO_LONG`.' }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
    limit: t.exposeString('limit', { nullable: true, description: 'The limit that was passed.' }),
    found: t.exposeString('found', { nullable: true, description: 'What was found instead.' }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'The input breaks rules; every violation is listed.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    issues: t.field({
      type: [ValidationIssue],
      description: 'Every violation.',
      resolve: (error) => error.issues,
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'The named thing does not exist.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    resource: t.exposeString('resource', { description: 'The type that was looked for.' }),
  }),
});

builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'Something else already has this name.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    existingId: t.id({
      nullable: true,
      description: 'The `id` of what already has it.',
      resolve: ({ resource, existingId }) => existingId && globalId(resource, existingId),
    }),
  }),
});

builder.objectType(InvalidStateError, {
  name: 'InvalidStateError',
  description: 'The thing is in a state in which this cannot be done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    status: t.exposeString('status', { description: 'The state it is in.' }),
  }),
});

builder.objectType(InUseError, {
  name: 'InUseError',
  description: 'The thing cannot go, because others refer to it.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    resource: t.exposeString('resource', { description: 'The type of the thing.' }),
    datasets: t.exposeStringList('datasets', {
      description: 'Keys of the datasets it stands in, the newest 20.',
    }),
    runs: t.exposeIntList('runs', {
      description: 'Numbers of the runs whose results refer to it, the newest 20.',
    }),
  }),
});

builder.objectType(UnavailableError, {
  name: 'UnavailableError',
  description: 'Something outside the request is missing, such as Python or a runner.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    remedy: t.exposeString('remedy', { description: 'What to do about it.' }),
  }),
});
