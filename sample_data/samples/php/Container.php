<?php

declare(strict_types=1);

namespace App;

use Closure;
use InvalidArgumentException;
use LogicException;
use ReflectionClass;
use ReflectionNamedType;

final class Container
{
    /** @var array<string, Closure> */
    private array $factories = [];

    /** @var array<string, object> */
    private array $instances = [];

    /** @var array<string, true> */
    private array $building = [];

    public function bind(string $id, Closure $factory): void
    {
        $this->factories[$id] = $factory;
    }

    public function get(string $id): object
    {
        return $this->instances[$id] ??= $this->build($id);
    }

    private function build(string $id): object
    {
        if (isset($this->building[$id])) {
            throw new LogicException('Circular dependency: ' . implode(' > ', array_keys($this->building)));
        }
        $this->building[$id] = true;
        try {
            return isset($this->factories[$id]) ? ($this->factories[$id])($this) : $this->autowire($id);
        } finally {
            unset($this->building[$id]);
        }
    }

    private function autowire(string $id): object
    {
        if (!class_exists($id)) {
            throw new InvalidArgumentException("Nothing is known about {$id}");
        }
        $parameters = (new ReflectionClass($id))->getConstructor()?->getParameters() ?? [];
        $arguments = [];
        foreach ($parameters as $parameter) {
            $type = $parameter->getType();
            if (!$type instanceof ReflectionNamedType || $type->isBuiltin()) {
                throw new InvalidArgumentException("{$id}: cannot fill \${$parameter->getName()}");
            }
            $arguments[] = $this->get($type->getName());
        }
        return new $id(...$arguments);
    }
}
