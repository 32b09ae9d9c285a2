/* Text of the emitted program. */

#include "eqk/emit.h"

#include "core/heap.h"
#include "graph/run-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct EqkEmitter
{
  EqkRun *run;
  char   *text;
  size_t  length, room;
  EqkHeap *heap;
  bool    reverse, plain;
};

void
eqk_emit (EqkEmitter *self, const char *format, ...)
{
  va_list args;
  int     n;

  va_start (args, format);
  n = vsnprintf (NULL, 0, format, args);
  va_end (args);
  if (n < 0)
    return;
  if (self->length + (size_t) n + 1 > self->room)
    {
      const size_t room = 2 * (self->length + (size_t) n + 1);
      char        *grown = realloc (self->text, room);

      if (grown == NULL)
        return;
      self->text = grown;
      self->room = room;
    }
  va_start (args, format);
  vsnprintf (self->text + self->length, self->room - self->length, format, args);
  va_end (args);
  self->length += (size_t) n;
}

bool eqk_emit_begin (EqkEmitter *self, const char *name) { return true; }
void eqk_emit_end (EqkEmitter *self) { }
const char *eqk_emit_value (EqkEmitter *self, int value) { return ""; }
const char *eqk_emit_grad (EqkEmitter *self, int value) { return NULL; }
const char *eqk_emit_scratch (EqkEmitter *self, const EqkOp *op) { return ""; }
const char *eqk_emit_rows (EqkEmitter *self, int value) { return ""; }
const char *eqk_emit_table (EqkEmitter *self, const char *name, const float *data, size_t n) { return name; }
const char *eqk_emit_table_i (EqkEmitter *self, const char *name, const int32_t *data, size_t n) { return name; }
bool eqk_emit_plain (const EqkEmitter *self) { return self->plain; }
bool eqk_emit_reverse (const EqkEmitter *self) { return self->reverse; }
const EqkProgram *eqk_emit_program (const EqkEmitter *self) { return self->run->program; }
