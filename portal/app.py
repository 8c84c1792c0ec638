"""The Reflex app."""
import reflex as rx

class HomeState(rx.State):
    n: int = 0
    @rx.event
    def load(self):
        self.n += 1

def index():
    return rx.el.main(rx.el.h1("Lumen ", HomeState.n, class_name="text-4xl"))

app = rx.App(html_lang="en", toaster=None)
app.app_wraps.pop((5, "Overlay"), None)
app.add_page(index, route="/", title="Lumen", on_load=HomeState.load)
