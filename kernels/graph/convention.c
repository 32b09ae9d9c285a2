/* The way to other conventions goes through ours: every irrep is turned back, resized, and turned the other way. */

#include "eqk/convention.h"

#include "eqk/graph.h"
#include "eqk/space.h"
#include "graph/graph-private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIZE = 2 * EQK_MAX_DEGREE + 1 };

/* ---- words ---- */

static const EqkConvention studio = EQK_CONVENTION_STUDIO;

static bool
read_set (const char *word, EqkConvention *self)
{
  static const struct { const char *name; EqkConvention set; } sets[] = {
    { "studio", EQK_CONVENTION_STUDIO },
    { "e3nn", { .kinds_inside = true } },
    { "nequip", { .kinds_inside = true, .reversed = true } },
    { "textbook", { .pole = EQK_POLE_Z, .size = EQK_HARMONICS_INTEGRAL } },
  };

  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
    if (strcmp (word, sets[i].name) == 0)
      {
        *self = sets[i].set;
        return true;
      }
  return false;
}

static bool
read_word (const char *word, EqkConvention *self)
{
  if (strcmp (word, "xyz") == 0 || strcmp (word, "yzx") == 0)
    self->pole = word[0] == 'x' ? EQK_POLE_Y : EQK_POLE_Z;
  else if (strcmp (word, "mul_ir") == 0 || strcmp (word, "ir_mul") == 0)
    self->by_component = word[0] == 'i';
  else if (strcmp (word, "component") == 0)
    self->size = EQK_HARMONICS_COMPONENT;
  else if (strcmp (word, "norm") == 0)
    self->size = EQK_HARMONICS_NORM;
  else if (strcmp (word, "integral") == 0)
    self->size = EQK_HARMONICS_INTEGRAL;
  else if (strcmp (word, "no-phase") == 0 || strcmp (word, "condon-shortley") == 0)
    self->phase = word[0] == 'c';
  else if (strcmp (word, "to-target") == 0 || strcmp (word, "to-source") == 0)
    self->reversed = word[3] == 's';
  else if (strcmp (word, "kinds-outside") == 0 || strcmp (word, "kinds-inside") == 0)
    self->kinds_inside = word[6] == 'i';
  else
    return read_set (word, self);
  return true;
}

EqkStatus
eqk_convention_parse (const char *text, EqkConvention *out, EqkDiag *diag)
{
  EqkConvention self = studio;
  char          word[32];

  while (*(text += strspn (text, " ,\t\n")) != '\0')
    {
      const size_t n = strcspn (text, " ,\t\n");

      snprintf (word, sizeof word, "%.*s", (int) (n < sizeof word ? n : sizeof word - 1), text);
      if (n >= sizeof word || !read_word (word, &self))
        return eqk_fail (diag, EQK_ERR_PARSE, "%s", word);
      text += n;
    }
  *out = self;
  return EQK_OK;
}

void
eqk_convention_text (const EqkConvention *self, char *text, size_t size)
{
  static const char *const sizes[] = { "component", "norm", "integral" };

  snprintf (text, size, "%s %s %s %s %s %s", self->pole == EQK_POLE_Z ? "yzx" : "xyz", self->by_component ? "ir_mul" : "mul_ir", sizes[self->size],
            self->phase ? "condon-shortley" : "no-phase", self->reversed ? "to-source" : "to-target", self->kinds_inside ? "kinds-inside" : "kinds-outside");
}

bool
eqk_convention_equal (const EqkConvention *a, const EqkConvention *b)
{
  return a->pole == b->pole && a->by_component == b->by_component && a->size == b->size && a->phase == b->phase && a->reversed == b->reversed && a->kinds_inside == b->kinds_inside;
}

/* ---- features ---- */

/* Theirs from ours, [2l+1, 2l+1], an orthogonal matrix. */
static void
turn_of (const EqkConvention *self, int l, double *d)
{
  static const double to_z[9] = { 0, 1, 0, 0, 0, 1, 1, 0, 0 }, same[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };      /* (x, y, z) becomes (y, z, x) */
  const int n = 2 * l + 1;

  eqk_wigner_d (l, self->pole == EQK_POLE_Z ? to_z : same, d);
  for (int m = -l; self->phase && m <= l; m++)
    for (int k = 0; k < n; k++)
      d[(m + l) * n + k] *= m % 2 == 0 ? 1 : -1;
}

static double
size_of (const EqkConvention *self, int l)
{
  const double pi = 3.14159265358979323846;

  return self->size == EQK_HARMONICS_COMPONENT ? 1 : self->size == EQK_HARMONICS_NORM ? 1 / sqrt (2 * l + 1) : 1 / sqrt (4 * pi);
}

/* to = factor B A^T, of theirs to theirs through ours. */
static void
matrix_of (const EqkConvention *from, const EqkConvention *to, int l, double factor, double *matrix)
{
  const int n = 2 * l + 1;
  double    a[MAX_SIZE * MAX_SIZE], b[MAX_SIZE * MAX_SIZE];

  turn_of (from, l, a);
  turn_of (to, l, b);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        matrix[i * n + j] = 0;
        for (int k = 0; k < n; k++)
          matrix[i * n + j] += factor * b[i * n + k] * a[j * n + k];
      }
}

static void
convert_run (const EqkRepRun *run, const EqkConvention *from, const EqkConvention *to, const double *matrix, const double *x, double *y)
{
  const int n = eqk_field_get_dim (run->field);

  for (int u = 0; u < run->mul; u++)
    for (int i = 0; i < n; i++)
      {
        double sum = 0;

        for (int k = 0; k < n; k++)
          sum += matrix[i * n + k] * x[from->by_component ? k * run->mul + u : u * n + k];
        y[to->by_component ? i * run->mul + u : u * n + i] = sum;
      }
}

EqkStatus
eqk_convention_features (const EqkRep *rep, const EqkConvention *from, const EqkConvention *to, bool harmonics, const double *x, double *y, size_t n)
{
  const size_t width = (size_t) eqk_rep_get_dim (rep);
  size_t       at = 0;

  for (int r = 0; r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);
      double          matrix[MAX_SIZE * MAX_SIZE];
      int             l;

      if (!eqk_field_is_irrep (run.field) || eqk_group_get_space_dim (eqk_rep_get_group (rep)) != 3)
        return EQK_ERR_TYPE;
      l = eqk_field_irrep_frequency (run.field);
      matrix_of (from, to, l, harmonics ? size_of (to, l) / size_of (from, l) : 1, matrix);
      for (size_t i = 0; i < n; i++)
        convert_run (&run, from, to, matrix, x + i * width + at, y + i * width + at);
      at += (size_t) (run.mul * eqk_field_get_dim (run.field));
    }
  return EQK_OK;
}

/* ---- weights ---- */

bool
eqk_build_form (EqkBuild *b, int weight, const EqkWeightForm *form)
{
  EqkWeightForm kept = *form;
  EqkFormEntry  entry = { b->program->forms, NULL, weight };

  kept.blocks = eqk_build_keep (b, form->blocks, ((size_t) form->n_blocks + 1) * sizeof *form->blocks);
  entry.form = kept.blocks == NULL ? NULL : eqk_build_keep (b, &kept, sizeof kept);
  if (entry.form == NULL)
    return false;
  b->program->forms = eqk_build_keep (b, &entry, sizeof entry);
  return b->program->forms != NULL;
}

const EqkValue *
eqk_build_look (const EqkBuild *b, int value)
{
  return &b->program->values[value];
}

const EqkWeightForm *
eqk_program_form (const EqkProgram *program, int weight)
{
  for (const EqkFormEntry *entry = program->forms; entry != NULL; entry = entry->next)
    if (entry->weight == weight)
      return entry->form;
  return NULL;
}

/* Place of a weight by kind: u, v of a block, z the kind. */
static size_t
place_of (const EqkWeightForm *form, const EqkWeightBlock *block, const EqkConvention *self, int z, int u, int v, size_t n)
{
  if (self->kinds_inside)
    return (size_t) block->first * (size_t) form->n_kinds + ((size_t) u * (size_t) form->n_kinds + (size_t) z) * (size_t) block->columns + (size_t) v;
  return (size_t) z * n + (size_t) block->first + (size_t) (u * block->columns + v);
}

static void
convert_kinds (const EqkWeightForm *form, size_t n, const EqkConvention *from, const EqkConvention *to, const double *in, double *out)
{
  for (int k = 0; k < form->n_blocks; k++)
    for (int z = 0; z < form->n_kinds; z++)
      for (int u = 0; u < form->blocks[k].rows; u++)
        for (int v = 0; v < form->blocks[k].columns; v++)
          out[place_of (form, &form->blocks[k], to, z, u, v, n)] = in[place_of (form, &form->blocks[k], from, z, u, v, n)];
}

/* What a weight of a product with harmonics of degree l is multiplied by, beside ours. */
static double
factor_of (const EqkConvention *self, int l)
{
  return (self->reversed && l % 2 == 1 ? -1 : 1) / size_of (self, l);
}

void
eqk_convention_weight (const EqkProgram *program, int weight, const EqkConvention *from, const EqkConvention *to, const double *in, double *out)
{
  const EqkWeightForm *form = eqk_program_form (program, weight);
  const size_t         n = (size_t) eqk_program_value (program, weight)->width;

  memcpy (out, in, n * sizeof *out);
  if (form != NULL && form->n_kinds > 0)
    convert_kinds (form, n / (size_t) form->n_kinds, from, to, in, out);
  else if (form != NULL)
    for (int k = 0; k < form->n_blocks; k++)
      {
        const EqkWeightBlock *block = &form->blocks[k];
        const double          factor = factor_of (to, block->degree) / factor_of (from, block->degree);

        for (int row = 0; row < block->rows; row++)
          for (int c = block->first; c < block->first + block->columns; c++)
            out[row * form->width + c] *= factor;
      }
}

/* A factor of harmonics is taken up where an operation multiplies them with weights made by a linear map whose columns know their degree. */
static bool
takes_up (const EqkProgram *program, const EqkOp *op, int harmonics)
{
  for (int i = 0; i < op->n_in; i++)
    {
      const int producer = op->in[i] < 0 || op->in[i] == harmonics ? -1 : eqk_program_value (program, op->in[i])->producer;

      for (int k = 0; producer >= 0 && k < eqk_program_op (program, producer)->n_in; k++)
        {
          const EqkWeightForm *form = eqk_program_form (program, eqk_program_op (program, producer)->in[k]);

          if (form != NULL && form->n_kinds == 0)
            return true;
        }
    }
  return false;
}

/* Every reader of what `op` makes takes its factor up, or hands it on to harmonics. */
static EqkStatus
check_readers (const EqkProgram *program, const EqkOp *op, bool vectors, EqkDiag *diag)
{
  for (int k = 0; k < eqk_program_n_ops (program); k++)
    for (int i = 0; i < eqk_program_op (program, k)->n_in; i++)
      {
        const EqkOp *reader = eqk_program_op (program, k);

        if (reader->in[i] != op->out[0] || (vectors ? strcmp (reader->id, "harmonics") == 0 : takes_up (program, reader, op->out[0])))
          continue;
        if (diag != NULL && reader->node >= 0)
          snprintf (diag->node, sizeof diag->node, "%s", eqk_graph_node_id (eqk_typed_graph (eqk_program_typed (program)), reader->node));
        return eqk_fail (diag, EQK_ERR_UNSUPPORTED, vectors ? "vectors of edges" : "harmonics without weights of their own");
      }
  return EQK_OK;
}

EqkStatus
eqk_convention_fits (const EqkProgram *program, const EqkConvention *self, EqkDiag *diag)
{
  EqkStatus status = EQK_OK;

  for (int k = 0; status == EQK_OK && k < eqk_program_n_ops (program); k++)
    {
      const EqkOp *op = eqk_program_op (program, k);

      if (strcmp (op->id, "harmonics") == 0 && (self->reversed || self->size != EQK_HARMONICS_COMPONENT))
        status = check_readers (program, op, false, diag);
      else if (strcmp (op->id, "edge_vector") == 0 && self->reversed)
        status = check_readers (program, op, true, diag);
    }
  return status;
}
