/* As much JSON as a worker in C needs to read a message. */
#ifndef ORACLE_WORKER_JSON_H
#define ORACLE_WORKER_JSON_H

#include <stddef.h>

typedef struct Json {
    double number;
    char *text;         /* of a string */
    char **keys;        /* of an object, as many as items */
    struct Json *items; /* of an object or an array */
    size_t count;
} Json;

/* Parse one line; the message is taken to be well formed, as ours are. */
Json *json_parse(const char *line);
void json_free(Json *value);

/* The member of an object; NULL if it has none of that name. */
const Json *json_get(const Json *object, const char *key);

/* A number, or one of the strings "nan", "inf" and "-inf" that stand for what JSON cannot write. */
double json_number(const Json *value);

/* Print a float so that it reads back as itself. */
void json_print_number(float value);

#endif
