// Looks at sixteen bytes at once and gives a bit for each, the first byte's lowest: ones where it
// is what is asked for. Sixteen bytes must be there to be read.
//
// Apart from Swift, whose vectors have no operation that gathers the marks of the bytes into bits.
#pragma once
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

typedef __m128i scan_block;

static inline scan_block scan_load(const uint8_t *text) {
  return _mm_loadu_si128((const __m128i *)text);
}

static inline scan_block scan_is(scan_block block, uint8_t byte) {
  return _mm_cmpeq_epi8(block, _mm_set1_epi8((char)byte));
}

// Whether a byte is one of `last - first + 1` from `first` on.
static inline scan_block scan_within(scan_block block, uint8_t first, uint8_t last) {
  scan_block from_first = _mm_sub_epi8(block, _mm_set1_epi8((char)first));
  scan_block limit = _mm_set1_epi8((char)(last - first));
  return _mm_cmpeq_epi8(_mm_min_epu8(from_first, limit), from_first);
}

static inline scan_block scan_or(scan_block left, scan_block right) {
  return _mm_or_si128(left, right);
}

static inline uint32_t scan_bits(scan_block marks) { return (uint32_t)_mm_movemask_epi8(marks); }

#else

typedef uint8_t scan_block __attribute__((vector_size(16)));

static inline scan_block scan_load(const uint8_t *text) {
  scan_block block;
  memcpy(&block, text, sizeof block);
  return block;
}

static inline scan_block scan_is(scan_block block, uint8_t byte) {
  return (scan_block)(block == byte);
}

static inline scan_block scan_within(scan_block block, uint8_t first, uint8_t last) {
  return (scan_block)((scan_block)(block - first) <= (uint8_t)(last - first));
}

static inline scan_block scan_or(scan_block left, scan_block right) { return left | right; }

static inline uint32_t scan_bits(scan_block marks) {
  uint32_t bits = 0;
  for (int index = 0; index < 16; index++) bits |= (uint32_t)(marks[index] & 1) << index;
  return bits;
}

#endif

// Eight bytes as they stand. A copy in Swift would have each function guard its stack.
static inline uint64_t scan_word(const uint8_t *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  return word;
}

// A line feed, in 32 bytes.
static inline uint32_t scan_lines(const uint8_t *text) {
  return scan_bits(scan_is(scan_load(text), '\n')) |
         scan_bits(scan_is(scan_load(text + 16), '\n')) << 16;
}

// One byte.
static inline uint32_t scan_byte(const uint8_t *text, uint8_t byte) {
  return scan_bits(scan_is(scan_load(text), byte));
}

// White space, controls, and `,:;<=>?`.
static inline uint32_t scan_name_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  scan_block marks = scan_or(scan_within(block, 0, ' '), scan_is(block, ','));
  return scan_bits(scan_or(marks, scan_within(block, ':', '?')));
}

// White space, controls, comma and semicolon.
static inline uint32_t scan_value_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  scan_block marks = scan_or(scan_within(block, 0, ' '), scan_is(block, ','));
  return scan_bits(scan_or(marks, scan_is(block, ';')));
}

// `:;<=>?@`: what ends the user part of nearly every URI is the first of them.
static inline uint32_t scan_user_stops(const uint8_t *text) {
  return scan_bits(scan_within(scan_load(text), ':', '@'));
}

// White space and controls.
static inline uint32_t scan_spaces(const uint8_t *text) {
  return scan_bits(scan_within(scan_load(text), 0, ' '));
}

// White space, controls, and `:;<=>?@`.
static inline uint32_t scan_plain_user_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  return scan_bits(scan_or(scan_within(block, 0, ' '), scan_within(block, ':', '@')));
}

// White space, controls, and `>`.
static inline uint32_t scan_plain_uri_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  return scan_bits(scan_or(scan_within(block, 0, ' '), scan_is(block, '>')));
}

// Controls, backslash, and `";,<`.
static inline uint32_t scan_plain_name_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  scan_block marks = scan_or(scan_within(block, 0, 0x1F), scan_is(block, '"'));
  marks = scan_or(marks, scan_or(scan_is(block, '\\'), scan_is(block, ',')));
  return scan_bits(scan_or(marks, scan_within(block, ';', '<')));
}

// Controls, quote and backslash.
static inline uint32_t scan_quoted_stops(const uint8_t *text) {
  scan_block block = scan_load(text);
  scan_block marks = scan_or(scan_within(block, 0, 0x1F), scan_is(block, '"'));
  return scan_bits(scan_or(marks, scan_is(block, '\\')));
}
