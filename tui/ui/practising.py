"""Practice on the screen."""

from __future__ import annotations

from textual import work

from tui.ui.finding import Finding


class Practising(Finding):
    """The bench with questions about the network; while they are asked, nothing of it shows an answer."""

    @work
    async def action_practice(self) -> None:
        """Ask for the shape and the parameters of each layer, and show where a wrong answer went wrong."""
        from tui.core.practice_session import Session
        from tui.ui.dialogs.practice import PracticeStart
        from tui.ui.dialogs.practice_questions import PracticeQuestions
        from tui.ui.dialogs.practice_score import PracticeScore

        self.finish_editing()
        snapshot = self.store.committed
        asked = await self.app.push_screen_wait(PracticeStart(snapshot))
        if not asked:
            return
        session = Session(snapshot, asked)
        while True:
            await self.app.push_screen_wait(PracticeQuestions(session))
            if not await self.app.push_screen_wait(PracticeScore(session)):
                return
            session = session.again()
