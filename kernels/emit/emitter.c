/*
 * The contract of eqk/emit.h. Memory is that of a run planned for export, whose pointers are offsets plus 64; an expression
 * is made of one by naming the memory it is in: the arena, the expanded weights, a table, or an argument.
 */

#include "emit/emit-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- failing, memory, names ---- */

void
eqk_emitter_fail (EqkEmitter *self, EqkStatus status, const char *format, ...)
{
  va_list args;

  if (self->status != EQK_OK)
    return;
  self->status = status;
  va_start (args, format);
  vsnprintf (self->what, sizeof self->what, format, args);
  va_end (args);
}

void *
eqk_emitter_alloc (EqkEmitter *self, size_t bytes)
{
  void *memory = eqk_heap_alloc (self->heap, bytes + 1);

  if (memory == NULL)
    eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
  return memory;
}

const char *
eqk_emitter_text (EqkEmitter *self, const char *format, ...)
{
  char    text[512];
  char   *copy;
  va_list args;

  va_start (args, format);
  vsnprintf (text, sizeof text, format, args);
  va_end (args);
  copy = eqk_heap_text (self->heap, text);
  if (copy == NULL)
    eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
  return copy != NULL ? copy : "";
}

const char *
eqk_emitter_identifier (EqkEmitter *self, const char *text, bool capitals)
{
  char   name[41];
  size_t n = 0;

  for (; *text != '\0' && n < sizeof name - 1; text++)
    {
      const char c = *text;
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), digit = c >= '0' && c <= '9';

      if (letter || digit)
        name[n++] = capitals && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
      else if (n > 0 && name[n - 1] != '_')
        name[n++] = '_';
    }
  name[n] = '\0';
  if (n == 0 || (name[0] >= '0' && name[0] <= '9'))
    return eqk_emitter_text (self, "%c%s", capitals ? 'X' : 'x', name);
  return eqk_emitter_text (self, "%s", name);
}

void
eqk_emitter_forget (EqkEmitter *self)
{
  eqk_text_clear (&self->functions);
  eqk_text_clear (&self->definitions);
  eqk_text_clear (&self->declarations);
  for (int i = 0; i < EQK_EMIT_N; i++)
    eqk_text_clear (&self->body[i]);
  for (int i = 0; i < 8; i++)
    eqk_text_clear (&self->open[i]);
  self->depth = 0;
  self->n_written = 0;
  self->n_tables = 0;
  self->checksum = 2166136261u;
  memset (self->table_of, 0, (size_t) eqk_program_n_values (self->program) * sizeof *self->table_of);
}

/* ---- text ---- */

static bool
is_letter (char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Adds a call, its names of sizes and edges being those of a part. */
static void
add_of_part (EqkText *out, const char *text, int part)
{
  static const char *const words[] = { "n_nodes", "n_edges", "src", "dst" };

  while (*text != '\0')
    {
      size_t n = 0;

      while (is_letter (text[n]))
        n++;
      eqk_text_append (out, text, n > 0 ? n : 1);
      for (size_t i = 0; n > 0 && i < sizeof words / sizeof words[0]; i++)
        if (strlen (words[i]) == n && strncmp (words[i], text, n) == 0)
          eqk_text_add (out, "_%d", part);
      text += n > 0 ? n : 1;
    }
}

void
eqk_emit (EqkEmitter *self, const char *format, ...)
{
  EqkText plain = { 0 };
  bool    direct = self->depth > 0 || self->part == 0;
  va_list args;

  va_start (args, format);
  eqk_text_addv (direct ? (self->depth > 0 ? &self->open[self->depth - 1] : &self->body[self->pass]) : &plain, format, args);
  va_end (args);
  if (!direct && plain.data != NULL)
    add_of_part (&self->body[self->pass], plain.data, self->part);
  eqk_text_clear (&plain);
}

bool
eqk_emit_begin (EqkEmitter *self, const char *name)
{
  for (int i = 0; i < self->n_written; i++)
    if (strcmp (self->written[i], name) == 0)
      return false;
  if (self->n_written == self->written_room)
    {
      const int    room = self->written_room == 0 ? 64 : 2 * self->written_room;
      const char **grown = realloc (self->written, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
          return false;
        }
      self->written = grown;
      self->written_room = room;
    }
  if (self->depth == (int) (sizeof self->open / sizeof self->open[0]))
    {
      eqk_emitter_fail (self, EQK_ERR_INTERNAL, "functions nested too deeply at %s", name);
      return false;
    }
  self->written[self->n_written++] = eqk_emitter_text (self, "%s", name);
  self->depth++;
  return true;
}

void
eqk_emit_end (EqkEmitter *self)
{
  if (self->depth == 0)
    return;
  self->depth--;
  eqk_text_join (&self->functions, &self->open[self->depth]);
  eqk_text_clear (&self->open[self->depth]);
}

/* ---- tables ---- */

static uint64_t
hash_bytes (const void *data, size_t n, uint64_t hash)
{
  for (size_t i = 0; i < n; i++)
    hash = (hash ^ ((const unsigned char *) data)[i]) * 1099511628211u;
  return hash;
}

static const EqkEmitTable *
find_table (const EqkEmitter *self, uint64_t hash, const void *data, size_t n, bool index)
{
  for (int i = 0; i < self->n_tables; i++)
    if (self->tables[i].hash == hash && self->tables[i].n == n && self->tables[i].index == index && (n == 0 || memcmp (self->tables[i].data, data, 4 * n) == 0))
      return &self->tables[i];
  return NULL;
}

static bool
push_table (EqkEmitter *self, const EqkEmitTable *table, const void *data)
{
  if (self->n_tables == self->tables_room)
    {
      const int     room = self->tables_room == 0 ? 32 : 2 * self->tables_room;
      EqkEmitTable *grown = realloc (self->tables, (size_t) room * sizeof *grown);

      if (grown == NULL)
        {
          eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
          return false;
        }
      self->tables = grown;
      self->tables_room = room;
    }
  self->tables[self->n_tables++] = *table;
  for (size_t i = 0; i < table->n; i++)
    {
      uint32_t word;

      memcpy (&word, (const char *) data + 4 * i, 4);
      self->checksum = (self->checksum ^ word) * 16777619u;
    }
  return true;
}

static const char *
add_table (EqkEmitter *self, const char *name, const void *data, size_t n, bool index)
{
  EqkEmitTable        table = { .hash = hash_bytes (data, n * 4, 14695981039346656037u), .n = n, .index = index };
  const EqkEmitTable *same = find_table (self, table.hash, data, n, index);
  const char         *type = index ? "int32_t" : "float";

  if (same != NULL)
    return same->name;
  table.data = eqk_heap_copy (self->heap, data, 4 * n);
  if (table.data == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "export");
      return "";
    }
  table.name = eqk_emitter_text (self, "%s_%d_%s", self->prefix, self->n_tables, eqk_emitter_identifier (self, name, false));
  if (!push_table (self, &table, data))
    return "";
  eqk_text_add (&self->declarations, "extern %s_TABLE (%s, %s, %zu);\n", self->macro_prefix, type, table.name, n > 0 ? n : 1);
  eqk_text_add (&self->definitions, "%s_TABLE (%s, %s, %zu) = {", self->macro_prefix, type, table.name, n > 0 ? n : 1);
  for (size_t i = 0; i < n; i++)
    {
      eqk_text_add (&self->definitions, i % (index ? 16 : 8) == 0 ? "\n  " : " ");
      if (index)
        eqk_text_add (&self->definitions, "%ld,", (long) ((const int32_t *) data)[i]);
      else
        {
          if (!isfinite (((const float *) data)[i]))
            eqk_emitter_fail (self, EQK_ERR_NAN, "a weight of %s is not finite", name);
          eqk_text_float (&self->definitions, ((const float *) data)[i]);
          eqk_text_append (&self->definitions, ",", 1);
        }
    }
  eqk_text_add (&self->definitions, "%s\n};\n\n", n == 0 ? " 0" : "");
  return table.name;
}

const char *
eqk_emit_table (EqkEmitter *self, const char *name, const float *data, size_t n)
{
  return add_table (self, name, data, n, false);
}

const char *
eqk_emit_table_i (EqkEmitter *self, const char *name, const int32_t *data, size_t n)
{
  return add_table (self, name, data, n, true);
}

uint32_t
eqk_emitter_checksum (const EqkEmitter *self)
{
  return self->checksum;
}

size_t
eqk_emitter_table_bytes (const EqkEmitter *self)
{
  size_t n = 0;

  for (int i = 0; i < self->n_tables; i++)
    n += 4 * self->tables[i].n;
  return n;
}

/* ---- values ---- */

static const char *
table_of_value (EqkEmitter *self, int value)
{
  const EqkValue *v = eqk_program_value (self->program, value);
  const EqkRun   *truth = self->rig->run;
  const size_t    n = eqk_value_count (self->program, value, &truth->sizes);
  float          *data;

  if (self->table_of[value] != NULL)
    return self->table_of[value];
  data = eqk_emitter_alloc (self, n * sizeof *data);
  if (data == NULL || truth->x[value] == NULL)
    {
      eqk_emitter_fail (self, EQK_ERR_INTERNAL, "value %d has no contents", value);
      return "";
    }
  for (size_t i = 0; i < n; i++)
    data[i] = (float) eqk_rig_number (self->rig, truth->x[value], i);
  self->table_of[value] = eqk_emit_table (self, v->name != NULL ? v->name : v->kind == EQK_VALUE_CONST ? "constant" : "weights", data, n);
  return self->table_of[value];
}

static const char *
place_text (EqkEmitter *self, const char *memory, const void *at)
{
  const size_t offset = (size_t) (uintptr_t) at;

  if (offset < 64)
    {
      eqk_emitter_fail (self, EQK_ERR_INTERNAL, "something has no memory in the plan");
      return "NULL";
    }
  if (offset == 64)
    return memory;
  return eqk_emitter_text (self, "(%s + %zu)", memory, (offset - 64) / 4);
}

const char *
eqk_emit_value (EqkEmitter *self, int value)
{
  const EqkValue *v;

  if (value < 0)
    return "NULL";
  v = eqk_program_value (self->program, value);
  if (v->is_static || v->kind == EQK_VALUE_WEIGHT || v->kind == EQK_VALUE_STATE || v->kind == EQK_VALUE_CONST)
    {
      if (self->expanded[value])
        return place_text (self, "weights", (void *) (uintptr_t) (self->expanded_at[value] + 64));
      return table_of_value (self, value);
    }
  for (int i = 0; v->kind == EQK_VALUE_FEED && i < self->n_inputs; i++)
    if (self->ports[i].value == value && !self->ports[i].is_turned)
      return self->ports[i].name;
  return place_text (self, "arena", self->plan->x[value]);
}

const char *
eqk_emitter_lane (EqkEmitter *self, int value)
{
  const void *at = self->plan->priv->first.lane[value];

  return at == NULL ? NULL : place_text (self, "arena", at);
}

const char *
eqk_emit_gin (EqkEmitter *self, const EqkOp *op, int k)
{
  const struct EqkRunPrivate *d = self->plan->priv;

  if (op->in[k] < 0 || d->first.mode[d->slot[op->index] + k] == EQK_GIN_NONE)
    return NULL;
  return place_text (self, "arena", d->first.target[d->slot[op->index] + k]);
}

const char *
eqk_emit_grad (EqkEmitter *self, int value)
{
  int slot = -1;

  if (value < 0)
    return NULL;
  for (int k = 0; self->op != NULL && k < self->op->n_in; k++)
    if (self->op->in[k] == value)
      {
        if (slot >= 0 && eqk_emit_gin (self, self->op, k) != NULL)
          eqk_emitter_fail (self, EQK_ERR_UNSUPPORTED, "%s has the same input twice", self->op->id);
        slot = k;
      }
  return slot >= 0 ? eqk_emit_gin (self, self->op, slot) : eqk_emitter_lane (self, value);
}

const char *
eqk_emit_scratch (EqkEmitter *self, const EqkOp *op)
{
  const struct EqkRunPrivate *d = self->plan->priv;

  if (self->pass == EQK_EMIT_INIT)
    return place_text (self, "weights", (void *) (uintptr_t) (self->init_scratch[op->index] + 64));
  return place_text (self, "arena", self->pass == EQK_EMIT_REVERSE ? d->first.scratch[op->index] : d->scratch[op->index]);
}

const char *
eqk_emit_kept (EqkEmitter *self, const EqkOp *op)
{
  return place_text (self, "arena", self->plan->kept[op->index]);
}

const char *
eqk_emit_word (EqkEmitter *self, const char *word, int structure)
{
  return structure == 0 ? word : eqk_emitter_text (self, "%s_%d", word, structure);
}

EqkExtent
eqk_emit_capacity (const EqkEmitter *self, int structure)
{
  return eqk_sizes_of (&self->plan->priv->capacity, structure);
}

bool
eqk_emit_has_edges (const EqkEmitter *self)
{
  return self->has_edges;
}

const char *
eqk_emit_rows (EqkEmitter *self, int value)
{
  const EqkSpace *space = &eqk_program_value (self->program, value)->space;

  switch (space->kind)
    {
    case EQK_SPACE_SAMPLE: return "1";
    case EQK_SPACE_GRID:   return eqk_emitter_text (self, "%d", space->h * space->w);
    case EQK_SPACE_NODES:  return eqk_emitter_text (self, "(size_t) %s", eqk_emit_word (self, "n_nodes", space->structure));
    case EQK_SPACE_EDGES:  return eqk_emitter_text (self, "(size_t) %s", eqk_emit_word (self, "n_edges", space->structure));
    case EQK_SPACE_PAIRS:  return eqk_emitter_text (self, "(size_t) %s * (size_t) %s", eqk_emit_word (self, "n_nodes", space->structure), eqk_emit_word (self, "n_nodes", space->structure));
    case EQK_SPACE_FIXED:  return eqk_emitter_text (self, "%d", space->h * (space->w > 0 ? space->w : 1));
    }
  return "0";
}

bool
eqk_emit_plain (const EqkEmitter *self)
{
  return self->options->plain;
}

bool
eqk_emit_reverse (const EqkEmitter *self)
{
  return self->pass == EQK_EMIT_REVERSE;
}

const EqkProgram *
eqk_emit_program (const EqkEmitter *self)
{
  return self->program;
}
