#include "model/error.h"

G_DEFINE_QUARK (eqs-model-error-quark, eqs_model_error)
