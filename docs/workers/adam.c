/* A worker in C: Keras 3's Adam in float32, fused into one loop with fused multiply-adds.
 *
 *   cc -O2 -o adam docs/workers/adam.c docs/workers/json.c -lm
 *   oracle smoke cmd:./adam
 *   pytest --impl=cmd:./adam
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *CLAIMS =
    "{\"type\": \"claims\", \"name\": \"adam.c\", \"claims\": [{\"spec\": \"keras3/Adam\", "
    "\"dtypes\": [\"float32\"], "
    "\"arguments\": [\"learning_rate\", \"beta_1\", \"beta_2\", \"epsilon\"]}]}";

typedef struct {
    float learning_rate, beta_1, beta_2, epsilon;
} Hyper;

typedef struct {
    size_t size;
    float *p, *m, *v;
} Tensor;

/* The kernel: one pass over memory for both moments and the parameter. */
static void fused_adam(Tensor *x, const Json *g, float alpha, const Hyper *h)
{
    for (size_t i = 0; i < x->size; i++) {
        float gi = (float)json_number(&g->items[i]);
        x->m[i] = fmaf(h->beta_1, x->m[i], (1.0f - h->beta_1) * gi);
        x->v[i] = fmaf(h->beta_2, x->v[i], (1.0f - h->beta_2) * (gi * gi));
        x->p[i] = fmaf(-alpha, x->m[i] / (sqrtf(x->v[i]) + h->epsilon), x->p[i]);
    }
}

static Tensor tensor_of(const Json *data)
{
    Tensor x = {data->count, NULL, NULL, NULL};
    x.p = calloc(x.size + 1, sizeof(float));
    x.m = calloc(x.size + 1, sizeof(float));
    x.v = calloc(x.size + 1, sizeof(float));
    for (size_t i = 0; i < x.size; i++)
        x.p[i] = (float)json_number(&data->items[i]);
    return x;
}

static void print_tensors(const char *name, const Json *params, const Tensor *x, int which)
{
    printf("\"%s\": [", name);
    for (size_t k = 0; k < params->count; k++) {
        const Json *shape = json_get(&params->items[k], "shape");
        const float *data = which == 0 ? x[k].p : which == 1 ? x[k].m : x[k].v;
        printf("%s{\"shape\": [", k ? ", " : "");
        for (size_t i = 0; i < shape->count; i++)
            printf("%s%.0f", i ? ", " : "", json_number(&shape->items[i]));
        printf("], \"data\": [");
        for (size_t i = 0; i < x[k].size; i++) {
            printf(i ? ", " : "");
            json_print_number(data[i]);
        }
        printf("]}");
    }
    printf("]");
}

static int is_wanted(const Json *steps, size_t step)
{
    for (size_t i = 0; i < steps->count; i++)
        if ((size_t)json_number(&steps->items[i]) == step)
            return 1;
    return 0;
}

static float argument(const Json *hyper, const char *name)
{
    return (float)json_number(json_get(hyper, name));
}

static void run(const Json *message)
{
    const Json *hyper = json_get(message, "hyper"), *params = json_get(message, "params");
    const Json *grads = json_get(message, "grads"), *steps = json_get(message, "steps");
    Hyper h = {argument(hyper, "learning_rate"), argument(hyper, "beta_1"),
               argument(hyper, "beta_2"), argument(hyper, "epsilon")};
    Tensor *x = calloc(params->count + 1, sizeof(Tensor));
    for (size_t k = 0; k < params->count; k++)
        x[k] = tensor_of(json_get(&params->items[k], "data"));

    printf("{\"type\": \"states\", \"id\": %.0f, \"states\": [", json_number(json_get(message, "id")));
    float power_1 = 1.0f, power_2 = 1.0f;
    for (size_t t = 1, shown = 0; t <= grads->count; t++) {
        power_1 *= h.beta_1;
        power_2 *= h.beta_2;
        float alpha = h.learning_rate * sqrtf(1.0f - power_2) / (1.0f - power_1);
        for (size_t k = 0; k < params->count; k++)
            fused_adam(&x[k], json_get(&grads->items[t - 1].items[k], "data"), alpha, &h);
        if (is_wanted(steps, t)) {
            printf("%s{\"step\": %zu, ", shown++ ? ", " : "", t);
            print_tensors("params", params, x, 0);
            printf(", \"slots\": {");
            print_tensors("m", params, x, 1);
            printf(", ");
            print_tensors("v", params, x, 2);
            printf("}}");
        }
    }
    printf("]}\n");
    for (size_t k = 0; k < params->count; k++) {
        free(x[k].p);
        free(x[k].m);
        free(x[k].v);
    }
    free(x);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        Json *message = json_parse(line);
        const Json *spec = json_get(message, "spec");
        if (strcmp(json_get(message, "type")->text, "hello") == 0)
            printf("%s\n", CLAIMS);
        else if (strcmp(spec->text, "keras3/Adam") == 0)
            run(message);
        else
            printf("{\"type\": \"error\", \"id\": %.0f, \"message\": \"not implemented\"}\n",
                   json_number(json_get(message, "id")));
        fflush(stdout);
        json_free(message);
    }
    free(line);
    return 0;
}
