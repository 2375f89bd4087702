#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip(const char *at)
{
    return at + strspn(at, " \t\r\n,:");
}

static const char *parse_string(const char *at, char **text)
{
    const char *end = ++at;
    while (*end != '"' && *end != '\0')
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    *text = strndup(at, (size_t)(end - at));
    return *end == '"' ? end + 1 : end;
}

static const char *parse_value(const char *at, Json *value);

static const char *parse_items(const char *at, Json *value, char close)
{
    size_t room = 0;
    for (at = skip(at + 1); *at != close && *at != '\0'; at = skip(at)) {
        if (value->count == room) {
            room = room ? 2 * room : 8;
            value->items = realloc(value->items, room * sizeof(Json));
            value->keys = realloc(value->keys, room * sizeof(char *));
        }
        value->keys[value->count] = NULL;
        if (close == '}')
            at = skip(parse_string(at, &value->keys[value->count]));
        at = parse_value(at, &value->items[value->count++]);
    }
    return *at == close ? at + 1 : at;
}

static const char *parse_value(const char *at, Json *value)
{
    memset(value, 0, sizeof *value);
    at = skip(at);
    if (*at == '{')
        return parse_items(at, value, '}');
    if (*at == '[')
        return parse_items(at, value, ']');
    if (*at == '"')
        return parse_string(at, &value->text);
    char *end;
    value->number = *at == 't' ? 1.0 : strtod(at, &end);
    return at + strcspn(at, ",]} \n");
}

Json *json_parse(const char *line)
{
    Json *value = malloc(sizeof *value);
    parse_value(line, value);
    return value;
}

static void release(Json *value)
{
    for (size_t i = 0; i < value->count; i++) {
        release(&value->items[i]);
        free(value->keys[i]);
    }
    free(value->items);
    free(value->keys);
    free(value->text);
}

void json_free(Json *value)
{
    release(value);
    free(value);
}

const Json *json_get(const Json *object, const char *key)
{
    for (size_t i = 0; i < object->count; i++)
        if (strcmp(object->keys[i], key) == 0)
            return &object->items[i];
    return NULL;
}

double json_number(const Json *value)
{
    return value->text == NULL ? value->number : strtod(value->text, NULL);
}

void json_print_number(float value)
{
    if (isnan(value))
        printf("\"nan\"");
    else if (isinf(value))
        printf(value > 0 ? "\"inf\"" : "\"-inf\"");
    else
        printf("%.9g", (double)value);
}
