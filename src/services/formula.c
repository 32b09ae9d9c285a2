/* The products come from the shapes of the tensors as they were allocated, so that they cannot differ from the count. */

#include "services/formula.h"

#include "ops/irreps.h"
#include "ops/plane.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Terms of a sum, equal neighbours together: "96 × 32 + 2 · 32 × 32". */
typedef struct
{
  GString *text;
  int      a, b, c, same, terms;   /* the last term and how often it came; c is 0 where there are two factors */
  gint64   count;
} Sum;

static void
flush (Sum *self)
{
  if (self->same == 0)
    return;
  g_string_append (self->text, self->terms++ == 0 ? "" : " + ");
  if (self->same > 1)
    g_string_append_printf (self->text, "%d · ", self->same);
  g_string_append_printf (self->text, self->c > 0 ? "%d × %d × %d" : "%d × %d", self->a, self->b, self->c);
  self->same = 0;
}

static void
add_term (Sum *self, int a, int b, int c)
{
  if (self->same > 0 && (self->a != a || self->b != b || self->c != c))
    flush (self);
  self->a = a;
  self->b = b;
  self->c = c;
  self->same++;
  self->count += (gint64) a * b * MAX (c, 1);
}

/* What the operation that reads a weight makes of it, block by block. @return how many times the sum stands in it; 0: no such operation */
static int
sum_of (const EqkProgram *program, int weight, Sum *sum)
{
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    {
      const EqkOp *op = eqk_program_op (program, i);

      if (strcmp (op->id, "irreps_linear") == 0 && op->in[1] == weight)
        {
          const EqkIrrepsLinearParams *p = op->params;

          for (int k = 0; k < p->n_blocks; k++)
            add_term (sum, p->blocks[k].mul_in, p->blocks[k].mul_out, 0);
          return MAX (p->n_kinds, 1);
        }
      if (strcmp (op->id, "filter_expand") == 0 && op->in[0] == weight)
        {
          const EqkFilterExpandParams *p = op->params;

          for (int k = 0; k < p->n_out_runs * p->n_in_runs; k++)
            if (p->pairs[k].n > 0)
              add_term (sum, p->out_runs[k / p->n_in_runs].mul, p->in_runs[k % p->n_in_runs].mul, p->pairs[k].n);
          return 1;
        }
    }
  return 0;
}

/* FALSE where the weight is not made of blocks, or they do not make up all of it. */
static gboolean
append_blocks (GString *text, const EqkProgram *program, int weight)
{
  g_autoptr (GString) words = g_string_new (NULL);
  Sum                 sum = { .text = words };
  const int           times = sum_of (program, weight, &sum);

  flush (&sum);
  if (sum.count * times != eqk_program_value (program, weight)->width)
    return FALSE;
  if (times > 1)
    g_string_append_printf (text, "%d × (%s)", times, words->str);
  else
    g_string_append_printf (text, sum.terms > 1 ? "(%s)" : "%s", words->str);
  return TRUE;
}

char *
eqs_formula_dup (const EqkProgram *program, int node, gint64 total)
{
  GString *text = g_string_new (NULL);
  gint64   one = 0;

  for (int i = 0; program != NULL && i < eqk_program_n_values (program); i++)
    {
      const EqkValue *value = eqk_program_value (program, i);
      const char     *name = value->kind != EQK_VALUE_WEIGHT || value->name == NULL ? NULL : strrchr (value->name, '.');

      if (value->node != node || name == NULL)
        continue;
      one += value->width;
      g_string_append_printf (text, "%s%s ", text->len == 0 ? "" : " + ", name + 1);
      if (!append_blocks (text, program, i))
        for (int k = 0; k < value->n_dims; k++)
          g_string_append_printf (text, k == 0 ? "%d" : " × %d", value->shape[k]);
    }
  if (one > 0 && total != one && total % one == 0)
    g_string_append_printf (text, _(", %" PRId64 " times"), total / one);
  return g_string_free (text, FALSE);
}
