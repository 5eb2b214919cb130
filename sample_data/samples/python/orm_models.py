from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone


class ActiveManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(archived_at__isnull=True)


class Project(models.Model):
    name = models.CharField(max_length=120, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="projects")
    budget_hours = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()
    active = ActiveManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(check=Q(budget_hours__lte=10_000), name="budget_is_plausible"),
        ]

    def __str__(self):
        return self.name

    def archive(self):
        self.archived_at = timezone.now()
        self.save(update_fields=["archived_at"])

    def hours_left(self):
        spent = self.entries.aggregate(total=Sum("hours"))["total"] or 0
        return self.budget_hours - spent


class TimeEntry(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="entries")
    day = models.DateField(default=timezone.localdate)
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    note = models.TextField(blank=True)
