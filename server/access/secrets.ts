/** Secrets that we make: tokens of sessions and invitations, and keys of programs. */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sha256 } from '../lib/canonical.ts';

/** 256 random bits, for a cookie or a link. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text can be one of our tokens, before the database is asked. */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** What is stored of a secret. A fast hash is right for what cannot be guessed. */
export const digestOf = sha256;

/** Whether a secret is the one whose digest is stored, in a time that tells nothing. */
export const isSecret = (secret: string, digest: string): boolean =>
  timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digest));

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 190 bits. */
const RANDOM_DIGITS = 32;
/** As many as 32 bits can need. */
const CHECK_DIGITS = 6;
const PREFIX_LENGTH = 14;
const KEY = /^trt_[kr]_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/;

function checkOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECK_DIGITS) {
    digits = `${DIGITS[rest % DIGITS.length]}${digits}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}

/**
 * A new key: `trt_k_` for programs or `trt_r_` for runners, which scanners of leaked secrets know by
 * that, 32 random digits, and 6 that check the others.
 */
export function newKey(kind: 'k' | 'r'): string {
  const random = Array.from({ length: RANDOM_DIGITS }, () => DIGITS[randomInt(DIGITS.length)]);
  const body = `trt_${kind}_${random.join('')}`;
  return `${body}_${checkOf(body)}`;
}

/** Whether a text can be one of our keys: one that was mistyped costs no look into the database. */
export function isKey(text: string): boolean {
  if (!KEY.test(text)) return false;
  const end = text.length - CHECK_DIGITS;
  return checkOf(text.slice(0, end - 1)) === text.slice(end);
}

/** The first characters of a key, by which people know it. */
export const prefixOf = (key: string): string => key.slice(0, PREFIX_LENGTH);
