/* Which settings say what is known by their names, which all steerable convolutions share. */

#include "studio/kernel-look.h"

#include "eqk/layer.h"

#include <math.h>
#include <string.h>

static const EqkParam *
find_param (const EqkLayerType *layer, const char *name)
{
  for (const EqkParam *param = layer->params; param != NULL && param->name != NULL; param++)
    if (strcmp (param->name, name) == 0)
      return param;
  return NULL;
}

static double
setting (const EqsNode *node, const EqkLayerType *layer, const char *name, double otherwise)
{
  const EqkParam       *param = find_param (layer, name);
  const EqsValue       *own = eqs_node_get_param (node, name);
  g_autoptr (EqsValue)  fallback = param == NULL || param->fallback == NULL ? NULL : eqs_value_from_setting_text (param->fallback);

  return own != NULL ? eqs_value_get_number (own) : fallback != NULL ? eqs_value_get_number (fallback) : otherwise;
}

/* What comes in at the first input. */
static const EqkPortType *
input_type (EqsSession *session, const char *path, const char *port)
{
  EqsDocument     *document = eqs_session_get_document (session);
  const char      *slash = strrchr (path, '/');
  g_autofree char *scope = slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path)), *from = NULL;
  EqsGraph        *graph = eqs_document_get_graph (document, scope);
  const int        at = graph == NULL ? -1 : eqs_graph_find_link (graph, NULL, NULL, slash == NULL ? path : slash + 1, port);
  const EqsLink   *link = at < 0 ? NULL : eqs_graph_get_link (graph, (guint) at);

  if (link == NULL || eqs_session_get_check (session) == NULL)
    return NULL;
  if (link->from_node[0] == '\0')
    return eqs_check_border_type (eqs_session_get_check (session), document, scope, link->from_port);
  from = scope[0] == '\0' ? g_strdup (link->from_node) : g_strconcat (scope, "/", link->from_node, NULL);
  return eqs_session_get_type_at (session, from, link->from_port);
}

/* Equal kinds of field may stand in several runs. */
static void
add_pair (GArray *pairs, EqkRepRun in, EqkRepRun out)
{
  EqsKernelPair pair = { in.field, out.field, in.mul, out.mul };

  for (guint i = 0; i < pairs->len; i++)
    if (g_array_index (pairs, EqsKernelPair, i).in == in.field && g_array_index (pairs, EqsKernelPair, i).out == out.field)
      return;
  g_array_append_val (pairs, pair);
}

EqsKernelLook *
eqs_kernel_look_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  const EqsNode      *node = eqs_document_find_node (eqs_session_get_document (session), path);
  const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
  const EqkPortType  *in, *out;
  EqsKernelLook      *self;
  g_autoptr (GArray)  pairs = NULL;

  if (layer == NULL || find_param (layer, "rings") == NULL || find_param (layer, "policy") == NULL || find_param (layer, "k") == NULL)
    return NULL;
  in = input_type (session, path, layer->inputs[0].name);
  out = eqs_session_get_type_at (session, path, NULL);
  if (in == NULL || out == NULL || eqk_group_get_space_dim (out->symmetry.group) != 2)
    return NULL;
  self = g_new0 (EqsKernelLook, 1);
  self->group = out->symmetry.group;
  self->spec.size = (int) setting (node, layer, "k", 3);
  self->spec.dilation = (int) setting (node, layer, "dilation", 1);
  self->spec.n_rings = (int) setting (node, layer, "rings", 0);
  self->spec.sigma = setting (node, layer, "sigma", 0);
  self->spec.policy = (int) setting (node, layer, "policy", 1);
  self->spec.frequency_factor = self->spec.policy == 0 ? setting (node, layer, "frequency_factor", 3) : 0;
  pairs = g_array_new (FALSE, FALSE, sizeof (EqsKernelPair));
  for (int i = 0; i < eqk_rep_n_runs (in->rep); i++)
    for (int o = 0; o < eqk_rep_n_runs (out->rep); o++)
      add_pair (pairs, eqk_rep_run (in->rep, i), eqk_rep_run (out->rep, o));
  self->n_pairs = pairs->len;
  self->pairs = g_memdup2 (pairs->data, sizeof (EqsKernelPair) * pairs->len);
  self->weights = strcmp (layer->id, "depthwise_r2conv") != 0 && setting (node, layer, "groups", 1) == 1 && setting (node, layer, "relax", 0) == 0 ? eqk_kernel_count (in->rep, out->rep, &self->spec) : -1;
  return self;
}

void
eqs_kernel_look_free (EqsKernelLook *self)
{
  g_free (self->pairs);
  g_free (self);
}

const EqkKernelBasis *
eqs_kernel_look_basis (const EqsKernelLook *self, guint pair)
{
  return pair < self->n_pairs ? eqk_kernel_basis (self->pairs[pair].in, self->pairs[pair].out, &self->spec) : NULL;
}

/* The pixel that g⁻¹ takes pixel (row, column) to; the matrix of g is orthogonal, so its inverse is its transpose. */
static void
pixel_before (const double *g, int size, int row, int column, int *from_row, int *from_column)
{
  const double half = (size - 1) / 2.0, x = column - half, y = half - row;
  const double before_x = g[0] * x + g[2] * y, before_y = g[1] * x + g[3] * y;

  *from_column = (int) lround (before_x + half);
  *from_row = (int) lround (half - before_y);
}

double
eqs_kernel_look_turn (const EqsKernelPair *pair, const EqkKernelBasis *basis, int element, const EqkElement *g, double *turned, double *back)
{
  const EqkGroup *group = eqk_field_get_group (pair->in);
  const int       n = basis->size, d_out = basis->d_out, d_in = basis->d_in, area = n * n;
  const double   *kernel = basis->table + (gsize) element * (gsize) (d_out * d_in * area);
  const EqkElement inverse = eqk_group_inverse (group, g);
  g_autofree double *rho_out = g_new (double, d_out * d_out), *rho_in = g_new (double, d_in * d_in);
  double          action[9], largest = 0;

  eqk_group_action (group, g, action);
  eqk_field_matrix (pair->out, g, rho_out);
  eqk_field_matrix (pair->in, &inverse, rho_in);
  for (int r = 0; r < n; r++)
    for (int c = 0; c < n; c++)
      {
        int from_row, from_column;

        pixel_before (action, n, r, c, &from_row, &from_column);
        for (int k = 0; k < d_out * d_in; k++)
          turned[k * area + r * n + c] = kernel[k * area + from_row * n + from_column];
      }
  for (int o = 0; o < d_out; o++)
    for (int i = 0; i < d_in; i++)
      for (int p = 0; p < area; p++)
        {
          double sum = 0;

          for (int a = 0; a < d_out; a++)
            for (int b = 0; b < d_in; b++)
              sum += rho_out[o * d_out + a] * turned[(a * d_in + b) * area + p] * rho_in[b * d_in + i];
          back[(o * d_in + i) * area + p] = sum;
          largest = MAX (largest, fabs (sum - kernel[(o * d_in + i) * area + p]));
        }
  return largest;
}
