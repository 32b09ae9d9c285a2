/* Every pixel of the sample is the mean of the ink that it covers, so that thin strokes stay. */

#include "studio/pad.h"

#include "services/predict.h"

#include "eqk/program.h"

#include <math.h>
#include <string.h>

gboolean
eqs_pad_find_input (EqsSession *session, EqsPadInput *input)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), FALSE);

  const EqsCheck   *check = eqs_session_get_check (session);
  const EqkProgram *program = check == NULL ? NULL : check->program;

  for (int v = 0; program != NULL && v < eqk_program_n_values (program); v++)
    {
      const EqkValue    *value = eqk_program_value (program, v);
      const EqkPortType *type = value->kind != EQK_VALUE_FEED ? NULL : eqk_program_value_type (program, v);

      if (type == NULL || type->space.kind != EQK_SPACE_GRID)
        continue;
      input->height = type->space.h;
      input->width = type->space.w;
      input->channels = value->width;
      g_strlcpy (input->name, value->name, sizeof input->name);
      return TRUE;
    }
  return FALSE;
}

/* Where the ink is: its box, its mass and the centre of that. FALSE: there is none. */
static gboolean
measure (const guint8 *ink, int size, int box[4], double *x, double *y)
{
  double mass = 0;

  box[0] = box[1] = size;
  box[2] = box[3] = -1;
  *x = *y = 0;
  for (int i = 0; i < size; i++)
    for (int j = 0; j < size; j++)
      {
        const double v = ink[i * size + j];

        if (v < 16)
          continue;
        box[0] = MIN (box[0], j);
        box[1] = MIN (box[1], i);
        box[2] = MAX (box[2], j);
        box[3] = MAX (box[3], i);
        mass += v;
        *x += v * (j + 0.5);
        *y += v * (i + 0.5);
      }
  if (mass <= 0)
    return FALSE;
  *x /= mass;
  *y /= mass;
  return TRUE;
}

static double
ink_at (const guint8 *ink, int size, double x, double y)
{
  const int j = (int) floor (x), i = (int) floor (y);

  return i < 0 || j < 0 || i >= size || j >= size ? 0 : ink[i * size + j] / 255.0;
}

/* The mean over a square of the drawing. */
static float
mean_of (const guint8 *ink, int size, double left, double top, double side)
{
  const int n = MAX (2, MIN (16, (int) ceil (side)));
  double    sum = 0;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      sum += ink_at (ink, size, left + (j + 0.5) * side / n, top + (i + 0.5) * side / n);
  return (float) (sum / (n * n));
}

EqsSplit *
eqs_pad_new_split (const EqsPadInput *input, const guint8 *ink, int size, gboolean centre)
{
  const guint64 dims[] = { 1, (guint64) input->height, (guint64) input->width, (guint64) input->channels };
  const int     longer = MAX (input->height, input->width);
  float        *values = g_new0 (float, (gsize) input->height * (gsize) input->width * (gsize) input->channels);
  EqsSplit     *split = eqs_split_new ("drawing");
  EqsColumn    *column;
  double        pixel = (double) size / longer, x, y;
  double        middle_x = size / 2.0, middle_y = size / 2.0;
  int           box[4];

  if (centre && measure (ink, size, box, &x, &y))
    {
      pixel = MAX (MAX (box[2] - box[0], box[3] - box[1]) + 1, size / 8) / (longer * 20.0 / 28);
      middle_x = x;
      middle_y = y;
    }
  for (int i = 0; i < input->height; i++)
    for (int j = 0; j < input->width; j++)
      {
        const float v = mean_of (ink, size, middle_x + (j - input->width / 2.0) * pixel, middle_y + (i - input->height / 2.0) * pixel, pixel);

        for (int k = 0; k < input->channels; k++)
          values[(i * input->width + j) * input->channels + k] = v;
      }
  column = eqs_split_take_column (split, input->name, EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_F32, G_N_ELEMENTS (dims), dims, values), NULL);
  column->role = EQS_ROLE_INPUT;
  column->scale = 1;
  return split;
}

EqsSplit *
eqs_pad_read_file (EqsModelSource *source, const char *path, GError **error)
{
  EqsModel *model = eqs_model_source_open (source, error);
  EqsSplit *split = model == NULL ? NULL : eqs_predict_read (model, path, error);

  g_clear_pointer (&model, eqs_model_free);
  return split;
}
